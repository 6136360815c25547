"""Tasks."""

from msgspec import UNSET

from vultus.model.wire import Map, Text, Whole, Wire


class TaskInfo(Wire):
    """A task as ListTasks shows it."""

    code: Text = UNSET
    end_time: Text = UNSET
    message: Text = UNSET
    progress: Whole = UNSET
    start_time: Text = UNSET
    status: Text = UNSET
    tags: Map = UNSET
    task_id: Text = UNSET
    task_request_definition: Text = UNSET
    task_type: Text = UNSET
    user_data: Text = UNSET
