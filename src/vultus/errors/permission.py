"""Callers who may not."""

from vultus.errors.base import VultusError
from vultus.model.wire import Wire


class AccessDeniedDetail(Wire):
    """Why a caller may not do something, in RAM's words."""

    auth_action: str
    auth_principal_type: str
    auth_principal_owner_id: str
    auth_principal_display_name: str
    no_permission_type: str
    policy_type: str


class PermissionDenied(VultusError):
    """The caller may not do this."""

    code = "NoPermission"
    status = 403
    remedy = "Have the action allowed by a policy; AccessDeniedDetail and `vultus ram explain` say what decided."

    def __init__(self, message: str, detail: AccessDeniedDetail | None = None) -> None:
        super().__init__(message)
        self.detail = detail
