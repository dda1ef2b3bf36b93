"""The publishing API: the only code that writes publications, declarations and bulletins.

Each function runs in one transaction under the night's lock and creates one bulletin. All take
`by`, the user who is responsible, and `idempotency_key`, made once per request by the form, the
phone or the file: a repeated request gets its first response. All raise before anything is written:

`ValidationRefused` (with messages) for ballot counts that are impossible, or unlikely and without
a reason, and for missing text;
`StaleRevision` where another revision was published after `base_revision`;
`IdempotencyKeyReused` where the key was used for another request;
`InvalidTransition` where the step is not possible in the present state.
"""

from results.desk.audit import record_action
from results.desk.contents import (
    Content,
    ExternalFiguresContent,
    HeadlineContent,
    PhotoContent,
    PostContent,
    QuoteContent,
)
from results.desk.counts import Verification, report_status, republish, start_new_epoch
from results.desk.errors import (
    DeskError,
    IdempotencyKeyReused,
    InvalidTransition,
    StaleRevision,
    ValidationRefused,
)
from results.desk.filing import find_earlier_response, submit
from results.desk.publications import publish, withdraw_publication
from results.desk.publishing import PublishResult
from results.desk.results import complete, correct, declare, declare_winner, withdraw
from results.desk.review import can_publish_unreviewed, reason_for_review
from results.desk.review_queue import (
    approve,
    close_review_item,
    decline,
    queue_for_review,
    submit_result,
)
from results.desk.revisions import RevisionRequest
from results.desk.verifying import mark_verified

__all__ = [
    "Content",
    "DeskError",
    "ExternalFiguresContent",
    "HeadlineContent",
    "IdempotencyKeyReused",
    "InvalidTransition",
    "PhotoContent",
    "PostContent",
    "PublishResult",
    "QuoteContent",
    "RevisionRequest",
    "StaleRevision",
    "ValidationRefused",
    "Verification",
    "approve",
    "can_publish_unreviewed",
    "close_review_item",
    "complete",
    "correct",
    "declare",
    "declare_winner",
    "decline",
    "find_earlier_response",
    "mark_verified",
    "publish",
    "queue_for_review",
    "reason_for_review",
    "record_action",
    "report_status",
    "republish",
    "start_new_epoch",
    "submit",
    "submit_result",
    "withdraw",
    "withdraw_publication",
]
