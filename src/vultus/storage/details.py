"""Details: what a store has on an object besides its bytes, asked for only when the object is read."""

import msgspec
from msgspec import UNSET

from vultus.model.wire import Map, Text, Whole


class ObjectDetails(msgspec.Struct, frozen=True, kw_only=True):
    """What a store has on an object; unset is what it does not have, does not know, or does not tell.

    All but the times are named, and written, as in ``vultus.model.File``.

    Attributes:
        created: nanoseconds since the epoch, UTC.
        accessed: when it was last read, likewise.
        oss_expiration: when it need not be kept any longer, RFC 3339 where the store gives a time.
        object_acl: in OSS's words: default, private, public-read, public-read-write.
        oss_user_meta: without the prefix of their headers; names in lower case.
    """

    created: Whole = UNSET
    accessed: Whole = UNSET
    cache_control: Text = UNSET
    content_disposition: Text = UNSET
    content_encoding: Text = UNSET
    content_language: Text = UNSET
    access_control_allow_origin: Text = UNSET
    access_control_request_method: Text = UNSET
    server_side_encryption: Text = UNSET
    server_side_encryption_key_id: Text = UNSET
    server_side_encryption_customer_algorithm: Text = UNSET
    server_side_data_encryption: Text = UNSET
    oss_storage_class: Text = UNSET
    oss_object_type: Text = UNSET
    oss_version_id: Text = UNSET
    oss_delete_marker: Text = UNSET
    oss_expiration: Text = UNSET
    oss_user_meta: Map = UNSET
    object_acl: Text = UNSET
    oss_tagging: Map = UNSET
    oss_tagging_count: Whole = UNSET
