"""An element of markup: where it begins, and where it ends."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Start:
    """An element begins.

    Attributes:
        name: of XML without its namespace; of HTML in lower case.
        attributes: values by name; in XML with ``r:`` before the names of those that point to other parts.
    """

    name: str
    attributes: dict[str, str]

    def says(self, attribute: str) -> str:
        """Return the value of an attribute; empty where there is none."""
        return self.attributes.get(attribute, "")


@dataclass(frozen=True, slots=True)
class End:
    """An element ends."""

    name: str
