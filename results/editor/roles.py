"""Groups of the desk and their permissions, created by `manage.py roles` and by the demo."""

from django.contrib.auth.models import Group, Permission, User
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from results.models import MERGE_DUPLICATES, PUBLISH_UNREVIEWED, WITHDRAW_FOR_GOOD

_READ = {"view"}
_PUBLICATIONS = ("quote", "headline", "post", "photo", "externalfigures")
_RECORD = (
    *("bulletin", "declaration", "electioncorrection"),
    *("reviewitem", "notice", "auditentry"),
)
#: See who is locked out, and unlock them.
_UNLOCK = {"signinthrottle": {"view", "change"}}
#: Write to reporters, and read their answers.
_MESSAGES = {"message": {"view", "add"}, "messagereading": _READ}
#: Let other systems publish, and tell them what is published.
_OTHER_SYSTEMS = {
    "apitoken": {"view", "add", "change"},
    "webhook": {"view", "add", "change"},
    "webhookdelivery": _READ,
}
#: Including what is edited inline: candidates, regions, last time's votes.
_DETAILS = (
    *("election", "body", "region", "contest", "candidate", "sittingmember", "party", "person"),
    *("group", "lastresult", "lastvotes"),
)
#: The house style: one row, which nobody adds.
_HOUSE_STYLE = {"housestyle": {"view", "change"}}

#: Actions on models, by name of the group.
ROLES: dict[str, dict[str, set[str]]] = {
    # Run the night: enter, confirm, correct, withdraw, approve and write.
    "Editors": {
        **dict.fromkeys((*_RECORD, *_DETAILS, "assignment"), _READ),
        **{name: {"view", "add", "change"} for name in _PUBLICATIONS},
        "declaration": {"view", "add", "change"},
        "contest": {"view", "change"},
        "user": _READ,  # reporters: who is at a count, and when their phone was last heard
        # To see why nothing arrives.
        **dict.fromkeys(("webhook", "webhookdelivery", "housestyle"), _READ),
        **_MESSAGES,
        **_UNLOCK,
    },
    # Besides that, edit the rules of the election, its contests, parties and last results.
    "Senior editors": {
        **dict.fromkeys((*_RECORD, "assignment"), _READ),
        **{name: {"view", "add", "change"} for name in (*_PUBLICATIONS, *_DETAILS)},
        "declaration": {"view", "add", "change"},
        "group": {"view", "add", "change", "delete"},
        "user": _READ,
        # Of a draft; of a published election it is withdrawing.
        "election": {"view", "add", "change", "delete"},
        **_OTHER_SYSTEMS,
        **_HOUSE_STYLE,
        **_MESSAGES,
        **_UNLOCK,
    },
    # Manage reporters, their assignments and passes; publish nothing.
    "Reporter managers": {
        "contest": _READ,
        "election": _READ,
        "assignment": {"view", "add", "change", "delete"},
        "reporterpass": {"view", "add", "change"},
        "user": {"view", "add", "change"},
        **_MESSAGES,
        **_UNLOCK,
    },
    # See everything and change nothing.
    "Auditors": dict.fromkeys(
        (
            *_RECORD,
            *_DETAILS,
            *_PUBLICATIONS,
            "assignment",
            "reporterpass",
            "user",
            "signinthrottle",
            "message",
            "messagereading",
            *_OTHER_SYSTEMS,
            *_HOUSE_STYLE,
        ),
        _READ,
    ),
}


def set_up_groups() -> list[str]:
    """Create the groups, or reset their permissions; return their names."""
    for name in ROLES:
        group, _created = Group.objects.get_or_create(name=name)
        group.permissions.set(_permissions(name))
    return list(ROLES)


def groups_to_reset() -> list[str]:
    """Names of the groups that are missing, or lack permissions of this release."""
    stored = {group.name: group for group in Group.objects.prefetch_related("permissions")}
    return [
        name
        for name in ROLES
        if name not in stored or set(_permissions(name)) - set(stored[name].permissions.all())
    ]


def _permissions(role: str) -> QuerySet[Permission]:
    codenames = [
        f"{action}_{model}" for model, actions in ROLES[role].items() for action in actions
    ]
    if role in ("Editors", "Senior editors"):
        codenames.append(PUBLISH_UNREVIEWED)
    if role == "Senior editors":
        codenames += [MERGE_DUPLICATES, WITHDRAW_FOR_GOOD]
    return Permission.objects.filter(
        codename__in=codenames, content_type__app_label__in=["results", "auth"]
    ).exclude(content_type__app_label="auth", codename__endswith="_group")


#: Values of roles that are no group.
REPORTER, ADMINISTRATOR, NO_ROLE = "reporter", "administrator", ""
#: Every role that an account can be given: its name, and what it is for.
ROLE_WORDS = {
    REPORTER: (_("Reporter"), _("enters the results of their own counts, on a phone")),
    "Editors": (_("Editor"), _("runs the night: declares, corrects, approves, writes")),
    "Senior editors": (
        _("Senior editor"),
        _("besides that changes elections, contests, candidates and parties"),
    ),
    "Reporter managers": (
        _("Reporter manager"),
        _("adds reporters, their counts and their passes; publishes nothing"),
    ),
    "Auditors": (_("Auditor"), _("sees everything, changes nothing")),
    ADMINISTRATOR: (_("Administrator"), _("everything, and who has which role")),
}


def role_of(user: User) -> str:
    """The account's role, a key of `ROLE_WORDS`; `NO_ROLE` for staff without one.

    Reads the groups that are prefetched.
    """
    if user.is_superuser:
        return ADMINISTRATOR
    if not user.is_staff:
        return REPORTER
    groups = {group.name for group in user.groups.all()}
    return next((name for name in ROLES if name in groups), NO_ROLE)


def role_name(user: User) -> str:
    """“Senior editor”; for staff without a role, that they have none."""
    words = ROLE_WORDS.get(role_of(user))
    return str(words[0] if words else _("No role"))


def set_role(user: User, role: str) -> None:
    """Give a stored account one role in place of the one it has. Other groups stay."""
    user.is_superuser = role == ADMINISTRATOR
    user.is_staff = role != REPORTER
    user.save(update_fields=["is_superuser", "is_staff"])
    user.groups.remove(*Group.objects.filter(name__in=ROLES))
    if role in ROLES:
        if not Group.objects.filter(name=role).exists():
            set_up_groups()
        user.groups.add(Group.objects.get(name=role))
