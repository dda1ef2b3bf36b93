"""Who may do what at the desk: four groups, made and kept by a command and by the demo."""

from django.contrib.auth.models import Group, Permission

from results.models import PUBLISH_UNREVIEWED

_READ = {"view"}
_PUBLICATIONS = ("quote", "headline", "post", "photo", "externalfigures")
_RECORD = ("bulletin", "declaration", "reviewitem", "notice", "auditentry")
#: To see who is locked out, and to unlock them at any hour.
_UNLOCK = {"signinthrottle": {"view", "change"}}
#: With what is edited inside their pages: a ballot paper, the regions, last time's votes.
_DETAILS = (
    *("election", "region", "contest", "candidate", "sittingmember", "party", "person"),
    *("group", "lastresult", "lastvotes"),
)

#: By name of the group: what it may do to which models of the desk; ``*`` is every one of them.
ROLES: dict[str, dict[str, set[str]]] = {
    # Runs the night: enters, confirms, corrects, withdraws, approves, writes.
    "Editors": {
        **dict.fromkeys((*_RECORD, *_DETAILS, "assignment"), _READ),
        **{name: {"view", "add", "change"} for name in _PUBLICATIONS},
        "declaration": {"view", "add", "change"},
        "contest": {"view", "change"},
        **_UNLOCK,
    },
    # Besides that, the rules of the election, its contests, parties and last results.
    "Senior editors": {
        **dict.fromkeys((*_RECORD, "assignment"), _READ),
        **{name: {"view", "add", "change"} for name in (*_PUBLICATIONS, *_DETAILS)},
        "declaration": {"view", "add", "change"},
        "group": {"view", "add", "change", "delete"},
        **_UNLOCK,
    },
    # People at the counts, and how they get in; nothing of what is published.
    "Reporter managers": {
        "contest": _READ,
        "election": _READ,
        "assignment": {"view", "add", "change", "delete"},
        "reporterpass": {"view", "add", "change"},
        "user": {"view", "add", "change"},
        **_UNLOCK,
    },
    # Sees everything and changes nothing.
    "Auditors": dict.fromkeys(
        (
            *_RECORD,
            *_DETAILS,
            *_PUBLICATIONS,
            "assignment",
            "reporterpass",
            "user",
            "signinthrottle",
        ),
        _READ,
    ),
}


def set_up() -> list[str]:
    """Make the groups, or put their permissions back to what they are; their names."""
    for name, may in ROLES.items():
        group, _made = Group.objects.get_or_create(name=name)
        codenames = [f"{act}_{model}" for model, acts in may.items() for act in acts]
        if name in ("Editors", "Senior editors"):
            codenames.append(PUBLISH_UNREVIEWED)
        group.permissions.set(
            Permission.objects.filter(
                codename__in=codenames, content_type__app_label__in=["results", "auth"]
            ).exclude(content_type__app_label="auth", codename__endswith="_group")
        )
    return list(ROLES)
