"""A very small ONNX file, written byte by byte: it averages a face into quarters."""

CHUNK = 2  # wire type of texts, arrays and messages


def number(value: int) -> bytes:
    """A varint."""
    head, rest = value & 0x7F, value >> 7
    return bytes([head | 0x80]) + number(rest) if rest else bytes([head])


def field(tag: int, value: int | str | bytes) -> bytes:
    """A field of a protocol buffer."""
    if isinstance(value, int):
        return number(tag << 3) + number(value)
    content = value.encode() if isinstance(value, str) else value
    return number(tag << 3 | CHUNK) + number(len(content)) + content


def tensor(name: str, *dimensions: int | str) -> bytes:
    shape = b"".join(field(1, field(1, size) if isinstance(size, int) else field(2, size)) for size in dimensions)
    return field(1, name) + field(2, field(1, field(1, 1) + field(2, shape)))


def sizes(name: str, *values: int) -> bytes:
    return field(5, field(1, name) + b"".join(field(8, value) for value in values) + field(20, 7))


def quarters(batch: int | str) -> bytes:
    """A network from (batch, 3, 112, 112) to (batch, 12): the mean of each colour in each quarter."""
    pool = field(1, "face") + field(2, "means") + field(4, "AveragePool")
    pool += sizes("kernel_shape", 56, 56) + sizes("strides", 56, 56)
    flatten = field(1, "means") + field(2, "vector") + field(4, "Flatten")
    graph = field(1, pool) + field(1, flatten) + field(2, "quarters")
    graph += field(11, tensor("face", batch, 3, 112, 112)) + field(12, tensor("vector", batch, 12))
    return field(1, 8) + field(8, field(1, "") + field(2, 13)) + field(7, graph)
