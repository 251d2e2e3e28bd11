"""Pictures in an S3-compatible bucket, which only Facet itself reads: browsers get them from the web server."""

import io
from typing import Any, Final

from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import ClientError
from django.core.files import File
from storages.backends.s3 import S3Storage
from storages.utils import clean_name

CONNECT_WITHIN_S: Final = 3
ANSWER_WITHIN_S: Final = 10


class PrivateBucket(S3Storage):  # type: ignore[misc]  # it comes without types
    """django-storages' S3 with bounds on waiting, private objects and reads in one request instead of three.

    Options: `bucket_name`, `endpoint_url`, `region_name`, `access_key`, `secret_key`; those that are None are looked up
    as boto3 does it. Missing objects raise FileNotFoundError, as in a folder; all else botocore's errors.
    """

    def __init__(self, **options: Any) -> None:
        """No request is made before the first file."""
        # other makers' stores know neither a bucket as a host name nor the checksums that Amazon added in 2025
        other = bool(options.get("endpoint_url"))
        super().__init__(
            default_acl=None,  # the bucket's own rules hold; many refuse any ACL
            querystring_auth=True,
            file_overwrite=True,  # names hold a fresh UUID, so asking whether one is taken is a wasted request
            custom_domain=None,
            transfer_config=TransferConfig(use_threads=False),
            client_config=Config(
                connect_timeout=CONNECT_WITHIN_S,
                read_timeout=ANSWER_WITHIN_S,
                retries={"mode": "standard", "max_attempts": 3},
                signature_version="s3v4",
                s3={"addressing_style": "path" if other else "auto"},
                request_checksum_calculation="when_required" if other else "when_supported",
                response_checksum_validation="when_required" if other else "when_supported",
            ),
            **options,
        )

    def _open(self, name: str, mode: str = "rb") -> "File[Any]":
        if mode != "rb":
            written: File[Any] = super()._open(name, mode)
            return written
        key = self._normalize_name(clean_name(name))
        try:
            body = self.bucket.Object(key).get()["Body"].read()
        except ClientError as error:
            if error.response["Error"]["Code"] == "NoSuchKey":
                raise FileNotFoundError(f"no object {key}") from None
            raise
        return File(io.BytesIO(body), name)
