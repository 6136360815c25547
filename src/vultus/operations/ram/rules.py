"""The rules of RAM for names and texts, and the codes of their errors."""

import re
from dataclasses import dataclass
from typing import Annotated, Any

from msgspec import Meta

from vultus.errors import InvalidParameter
from vultus.model.wire import Text, Unset


@dataclass(frozen=True, slots=True)
class Rule:
    """What a text may be.

    Attributes:
        most: characters.
        least: characters.
        pattern: of the characters that it may hold; any where it is empty.
        holds: the same in words.
    """

    most: int
    least: int = 1
    pattern: str = ""
    holds: str = "characters"

    @property
    def described(self) -> str:
        """What it must be, in words."""
        return f"{self.least} to {self.most} {self.holds}"

    def fits(self, text: str) -> bool:
        """Whether a text keeps to the rule."""
        return self.least <= len(text) <= self.most and self._may_hold(text)

    def check(self, parameter: str, text: Text) -> None:
        """See to it that a parameter keeps to the rule; one that is left out does.

        Raises:
            InvalidParameter: it does not.
        """
        if not isinstance(text, str):
            return
        if not self.least <= len(text) <= self.most:
            raise InvalidParameter(f"{parameter}.Length", f"{parameter} must be {self.described}.")
        if not self._may_hold(text):
            raise InvalidParameter(f"{parameter}.InvalidChars", f"{parameter} must be {self.described}.")

    def _may_hold(self, text: str) -> bool:
        return not self.pattern or re.fullmatch(f"{self.pattern}*", text) is not None


NAME = Rule(64, pattern="[A-Za-z0-9._-]", holds="letters, digits, dots, hyphens and underscores")
ROLE_NAME = Rule(64, pattern="[A-Za-z0-9.-]", holds="letters, digits, dots and hyphens")
POLICY_NAME = Rule(128, pattern="[A-Za-z0-9-]", holds="letters, digits and hyphens")
SESSION_NAME = Rule(64, least=2, pattern="[A-Za-z0-9.@_-]", holds="letters, digits, dots, hyphens, underscores and @")
SHORT = Rule(128, least=0)  # what is said of a user or a group
LONG = Rule(1024, least=0)  # what is said of a role or a policy

Name = Annotated[str, Meta(description=NAME.described)]
RoleName = Annotated[str, Meta(description=ROLE_NAME.described)]
PolicyName = Annotated[str, Meta(description=POLICY_NAME.described)]
SessionName = Annotated[str, Meta(description=SESSION_NAME.described)]
Short = Annotated[str, Meta(description=SHORT.described)] | Unset
Long = Annotated[str, Meta(description=LONG.described)] | Unset

#: What RAM knows and Vultus does not. It is refused, not passed over: whoever gives it counts on it.
NoTags = Annotated[
    list[Any], Meta(max_length=0, description="an empty list: Vultus keeps no tags of roles and policies")
]
NoResourceGroup = Annotated[str, Meta(max_length=0, description="empty: Vultus knows no resource groups")] | Unset
