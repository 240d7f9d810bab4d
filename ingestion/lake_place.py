"""Where the lake is: in the home folder, or in the bucket that dlt's own configuration names."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import fsspec

from ingestion.errors import InputError

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

DATASET = "lake"


@dataclass(frozen=True)
class LakePlace:
    """A folder of lake tables, on a disk or in a bucket.

    Attributes:
        home: The home folder.
        bucket_url: dlt's `destination.filesystem.bucket_url`, as `s3://bucket/prefix`; None where
            the lake is in the home folder.
    """

    home: Path
    bucket_url: str | None

    @property
    def url(self) -> str:
        """What engines read from: an absolute path, or an address with its protocol."""
        if self.bucket_url is None:
            return str(self.home / DATASET)
        return f"{self.bucket_url.rstrip('/')}/{DATASET}"

    @cached_property
    def files(self) -> "AbstractFileSystem":
        """The file system, with dlt's credentials.

        Raises:
            InputError: What dlt is configured with does not do.
        """
        if self.bucket_url is None:
            return fsspec.filesystem("file")
        return bucket_files(self.bucket_url)

    @cached_property
    def root(self) -> str:
        """The folder's path in `files`."""
        return str(self.files._strip_protocol(self.url)).rstrip("/")


def lake_place(home: Path) -> LakePlace:
    """Where the lake of a home folder is.

    Args:
        home: The home folder; it need not exist.

    Raises:
        InputError: `bucket_url` names no bucket.
    """
    # dlt takes a moment to import, and to look for its files.
    import dlt

    url = dlt.config.get("destination.filesystem.bucket_url", str)
    if url is not None and "://" not in url:
        raise InputError(
            f"destination.filesystem.bucket_url is {url}, which is no address of a bucket; "
            "leave it out, and the lake is in the home folder"
        )
    return LakePlace(home, url)


def bucket_files(url: str) -> "AbstractFileSystem":
    """The file system of a bucket, with dlt's credentials.

    Raises:
        InputError: Credentials are missing, or the package that knows the protocol.
    """
    from dlt.common.configuration import resolve_configuration
    from dlt.common.configuration.exceptions import ConfigurationException
    from dlt.common.exceptions import MissingDependencyException
    from dlt.common.storages.configuration import FilesystemConfiguration
    from dlt.common.storages.fsspec_filesystem import fsspec_from_config

    try:
        asked = resolve_configuration(
            FilesystemConfiguration(bucket_url=url), sections=("destination", "filesystem")
        )
        return fsspec_from_config(asked)[0]
    except MissingDependencyException as error:
        raise InputError(f"{url} needs a package that is not installed: {error}") from error
    except ConfigurationException as error:
        # dlt's message tells every place that it has looked at; the names alone say what to set.
        raise InputError(
            f"dlt has no credentials for {url}; set destination.filesystem.credentials in "
            ".dlt/secrets.toml, or DESTINATION__FILESYSTEM__CREDENTIALS__... in the environment"
        ) from error
