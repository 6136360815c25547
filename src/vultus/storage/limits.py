"""How long stores are waited for."""

TIMEOUT = 30.0  # seconds for one request, and for one piece of an object
RETRIES = 2  # after that the job is tried again later
