"""What befalls files on disks and lines, and what somebody does to them who means harm."""

import random
import struct
from collections.abc import Callable

Damage = Callable[[random.Random, bytearray, bytes], bytes]

HEAD = 4096  # bytes at the start and at the end of a file where most of what decoders believe is written
LENGTHS = (0, 1, 0x7F, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFF0, 0xFFFFFFFF)
MOST_HITS = 12  # changes of one file


def flip(chance: random.Random, data: bytearray, _: bytes) -> bytes:
    """Turn single bits over."""
    for _hit in range(chance.randint(1, MOST_HITS)):
        data[_place(chance, len(data))] ^= 1 << chance.randrange(8)
    return bytes(data)


def cut(chance: random.Random, data: bytearray, _: bytes) -> bytes:
    """Break off somewhere."""
    return bytes(data[: _place(chance, len(data))])


def move(chance: random.Random, data: bytearray, _: bytes) -> bytes:
    """Put a block where it does not belong."""
    start = _place(chance, len(data))
    block = data[start : start + chance.randint(1, HEAD)]
    del data[start : start + len(block)]
    at = chance.randint(0, len(data))
    return bytes(data[:at] + block + data[at:])


def lie(chance: random.Random, data: bytearray, _: bytes) -> bytes:
    """Write other numbers over what may be lengths, counts and offsets."""
    for _hit in range(chance.randint(1, 3)):
        form, size = chance.choice([(">I", 4), ("<I", 4), (">H", 2), ("<H", 2), ("B", 1)])
        at = min(_place(chance, len(data)), max(len(data) - size, 0))
        number = chance.choice([*LENGTHS, chance.getrandbits(32)])
        data[at : at + size] = struct.pack(form, number & ((1 << 8 * size) - 1))
    return bytes(data)


def splice(chance: random.Random, data: bytearray, other: bytes) -> bytes:
    """Go on in the middle with another file."""
    return bytes(data[: _place(chance, len(data))]) + other[_place(chance, len(other)) :]


def blank(chance: random.Random, data: bytearray, _: bytes) -> bytes:
    """Leave a hole of zeros, as disks do."""
    start = _place(chance, len(data))
    hole = min(chance.choice([16, 512, HEAD, len(data) // 2]), len(data) - start)
    data[start : start + hole] = bytes(hole)
    return bytes(data)


def repeat(chance: random.Random, data: bytearray, _: bytes) -> bytes:
    """Say the same again and again."""
    start = _place(chance, len(data))
    block = data[start : start + chance.randint(1, HEAD)]
    return bytes(data[:start] + block * chance.randint(2, 200) + data[start:])


DAMAGES: tuple[Damage, ...] = (flip, cut, move, lie, lie, splice, blank, repeat)


def _place(chance: random.Random, length: int) -> int:
    """Anywhere in a file, most often near its start, or its end."""
    where = chance.random()
    if where < 0.5:
        return chance.randrange(max(min(HEAD, length), 1))
    if where < 0.65:
        return length - 1 - chance.randrange(max(min(HEAD, length), 1)) if length else 0
    return chance.randrange(max(length, 1))
