"""Files as a caller hands them in."""

from msgspec import UNSET

from vultus.model.address import Address
from vultus.model.label import Label
from vultus.model.wire import Map, Text, Unset, Wire


class InputFileFigures(Wire):
    """A face that a caller moves to a cluster."""

    figure_id: Text = UNSET
    figure_cluster_id: Text = UNSET
    figure_type: Text = UNSET


class InputFile(Wire):
    """What a caller says of a file."""

    uri: Text = UNSET
    oss_uri: Text = UNSET
    media_type: Text = UNSET
    content_type: Text = UNSET
    file_hash: Text = UNSET
    produce_time: Text = UNSET
    lat_long: Text = UNSET
    addresses: list[Address] | Unset = UNSET
    figures: list[InputFileFigures] | Unset = UNSET
    labels: list[Label] | Unset = UNSET
    title: Text = UNSET
    artist: Text = UNSET
    album_artist: Text = UNSET
    composer: Text = UNSET
    performer: Text = UNSET
    album: Text = UNSET
    custom_id: Text = UNSET
    custom_labels: Map = UNSET
