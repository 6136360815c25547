"""Programs: how many a broadcast carries, which FFmpeg counts and PyAV does not tell."""

from collections.abc import Iterator
from typing import IO

LOOKED_AT = 2**20  # bytes; the table of programs comes ten times a second
SYNC = 0x47  # the first byte of each packet
STEPS = ((0, 188), (4, 192))  # where the first packet begins and how long each is, bytes; the longer begin with a time
PACKET = 188
TABLE = 0  # id of the packets, and of the sections, with the table of programs
NETWORK = 0  # number of a program that is none


def program_count(file: IO[bytes]) -> int:
    """Count the programs of an MPEG transport stream by its first table of programs (ISO/IEC 13818-1, 2.4.4.3).

    Args:
        file: read from its beginning; is left anywhere.
    """
    file.seek(0)
    data = file.read(LOOKED_AT)
    for start, step in STEPS:
        if len(data) >= start + PACKET and all(data[at] == SYNC for at in range(start, len(data), step)[:3]):
            return len(_numbers(_sections(data, start, step)))
    return 0


def _numbers(sections: Iterator[bytes]) -> set[int]:
    """The numbers of the programs in all sections of the first table."""
    found: dict[int, set[int]] = {}
    for section in sections:
        number, last = section[6], section[7]
        if number in found:
            break
        entries = section[8 : 3 + _length(section) - 4]  # behind them is a checksum
        numbers = (int.from_bytes(entries[at : at + 2]) for at in range(0, len(entries) - 3, 4))
        found[number] = {each for each in numbers if each != NETWORK}
        if len(found) > last:
            break
    return set().union(*found.values())


def _sections(data: bytes, start: int, step: int) -> Iterator[bytes]:
    """The sections of the table of programs, each put together from its packets."""
    section = b""
    for at in range(start, len(data) - PACKET + 1, step):
        packet = data[at : at + PACKET]
        if packet[0] != SYNC or int.from_bytes(packet[1:3]) & 0x1FFF != TABLE:
            continue
        payload = _payload(packet)
        if packet[1] & 0x40 and payload:  # a section begins in it, behind so many bytes
            section = payload[1 + payload[0] :]
        elif section:
            section += payload
        if len(section) > 8 and len(section) >= 3 + _length(section):
            if section[0] == TABLE and section[5] & 1:  # it counts already
                yield section
            section = b""


def _payload(packet: bytes) -> bytes:
    held = packet[3] >> 4 & 3
    if not held & 1:
        return b""
    return packet[5 + packet[4] :] if held & 2 else packet[4:]


def _length(section: bytes) -> int:
    return int.from_bytes(section[1:3]) & 0xFFF
