"""Files: what is known of them, and what a caller may say of them."""

from msgspec import UNSET

from vultus.model.address import Address
from vultus.model.element import Element, SceneElement
from vultus.model.figure import Figure
from vultus.model.image import CroppingSuggestion, Image, ImageScore, OCRContents
from vultus.model.insights import Insights
from vultus.model.label import Label
from vultus.model.stream import AudioStream, SubtitleStream, VideoStream
from vultus.model.wire import Map, Real, Text, Unset, Whole, Wire


class File(Wire):
    """All that is known of one object of a dataset."""

    owner_id: Text = UNSET
    project_name: Text = UNSET
    dataset_name: Text = UNSET
    object_type: Text = UNSET
    object_id: Text = UNSET
    update_time: Text = UNSET
    create_time: Text = UNSET
    uri: Text = UNSET
    oss_uri: Text = UNSET
    filename: Text = UNSET
    media_type: Text = UNSET
    content_type: Text = UNSET
    size: Whole = UNSET
    file_hash: Text = UNSET
    file_modified_time: Text = UNSET
    file_create_time: Text = UNSET
    file_access_time: Text = UNSET
    produce_time: Text = UNSET
    lat_long: Text = UNSET
    timezone: Text = UNSET
    addresses: list[Address] | Unset = UNSET
    travel_cluster_id: Text = UNSET
    orientation: Whole = UNSET
    figures: list[Figure] | Unset = UNSET
    figure_count: Whole = UNSET
    labels: list[Label] | Unset = UNSET
    title: Text = UNSET
    image_width: Whole = UNSET
    image_height: Whole = UNSET
    exif: Text = UNSET
    image_score: ImageScore | Unset = UNSET
    cropping_suggestions: list[CroppingSuggestion] | Unset = UNSET
    ocr_contents: list[OCRContents] | Unset = UNSET
    video_width: Whole = UNSET
    video_height: Whole = UNSET
    video_streams: list[VideoStream] | Unset = UNSET
    subtitles: list[SubtitleStream] | Unset = UNSET
    audio_streams: list[AudioStream] | Unset = UNSET
    artist: Text = UNSET
    album_artist: Text = UNSET
    audio_covers: list[Image] | Unset = UNSET
    composer: Text = UNSET
    performer: Text = UNSET
    language: Text = UNSET
    album: Text = UNSET
    page_count: Whole = UNSET
    etag: Text = UNSET
    cache_control: Text = UNSET
    content_disposition: Text = UNSET
    content_encoding: Text = UNSET
    content_language: Text = UNSET
    access_control_allow_origin: Text = UNSET
    access_control_request_method: Text = UNSET
    server_side_encryption_customer_algorithm: Text = UNSET
    server_side_encryption: Text = UNSET
    server_side_data_encryption: Text = UNSET
    server_side_encryption_key_id: Text = UNSET
    oss_storage_class: Text = UNSET
    oss_crc64: Text = UNSET
    object_acl: Text = UNSET
    content_md5: Text = UNSET
    oss_user_meta: Map = UNSET
    oss_tagging_count: Whole = UNSET
    oss_tagging: Map = UNSET
    oss_expiration: Text = UNSET
    oss_version_id: Text = UNSET
    oss_delete_marker: Text = UNSET
    oss_object_type: Text = UNSET
    custom_id: Text = UNSET
    custom_labels: Map = UNSET
    stream_count: Whole = UNSET
    program_count: Whole = UNSET
    format_name: Text = UNSET
    format_long_name: Text = UNSET
    start_time: Real = UNSET
    bitrate: Whole = UNSET
    duration: Real = UNSET
    semantic_types: list[str] | Unset = UNSET
    elements: list[Element] | Unset = UNSET
    scene_elements: list[SceneElement] | Unset = UNSET
    ocr_texts: Text = UNSET
    reason: Text = UNSET
    object_status: Text = UNSET
    insights: Insights | Unset = UNSET
