"""Static files under names that change with what is in them, modules' imports included."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """An open page keeps the modules of its own release; a new one never mixes with it."""

    support_js_module_import_aggregation = True
