"""The family: what every error carries."""


class VultusError(Exception):
    """An answer that is not the one the caller hoped for.

    Attributes:
        code: IMM's error code, as it goes into the body of the answer.
        status: HTTP status of the answer.
        message: what is wrong and, where it helps, what would be right.
        remedy: what a caller can do about it.
        retry_after: milliseconds after which another try may do; 0 where nobody knows. SDKs that were told to retry
            wait so long.
    """

    code = "InternalError"
    status = 500
    retry_after = 0
    remedy = "Try again later; tell whoever runs the server the RequestId, by which its log says more."

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
