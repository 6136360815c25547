"""Whether a file has arrived whole, where its container says how long it is and its decoder does not mind."""

ZEROS = 1024  # bytes of zeros at the end that compressed pixels never have, and a broken download leaves
RIFF_SLACK = 8  # bytes by which writers differ about what a size counts
RIFF_UNKNOWN = frozenset({0, 2**32 - 1})  # sizes that writers leave who cannot go back to their beginning
PICTURE_BOXES = frozenset({b"meta", b"mdat"})  # of HEIF: what is where, and the pixels; more may follow and be cut
ISO_MEDIA = frozenset({"image/avif", "image/heic", "image/heif"})


def is_cut_short(data: bytes, content_type: str) -> bool:
    """Whether a HEIC, HEIF, AVIF or WebP file ends before it says it does; others are for their decoders to judge."""
    if content_type in ISO_MEDIA:
        end = _boxes_end(data)
    elif content_type == "image/webp":
        end = 8 + int.from_bytes(data[4:8], "little")
    else:
        return False
    return end > len(data) or (end > ZEROS and not any(data[end - ZEROS : end]))


def is_riff_cut_short(head: bytes, size: int) -> bool:
    """Whether a RIFF file, as AVI and WAV are, or an IFF file, as AIFF is, ends before it says it does.

    Args:
        head: its first bytes.
        size: how many there are.
    """
    said = int.from_bytes(head[4:8], "big" if head.startswith(b"FORM") else "little")
    return said not in RIFF_UNKNOWN and 8 + said > size + RIFF_SLACK


def _boxes_end(data: bytes) -> int:
    """Where the last box that the picture needs ends, bytes from the start (ISO/IEC 14496-12, 4.2)."""
    at = end = 0
    while at + 8 <= len(data):
        size, kind = int.from_bytes(data[at : at + 4]), data[at + 4 : at + 8]
        if size == 1:
            size = int.from_bytes(data[at + 8 : at + 16])
        if size < 8:  # 0: as long as the file is; else no box
            break
        at += size
        if kind in PICTURE_BOXES:
            end = at
    return end
