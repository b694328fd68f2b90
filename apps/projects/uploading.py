"""Takes uploaded archives onto the disk, and notices when the disk does not take them."""

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import StopUpload, TemporaryFileUploadHandler


class CarefulUploadHandler(TemporaryFileUploadHandler):
    """Stops reading where the disk takes no more and leaves the reason in `request.upload_problem`."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Write a part of the file."""
        try:
            super().receive_data_chunk(raw_data, start)
        except OSError as error:
            self._stop(error)

    def file_complete(self, file_size: int) -> UploadedFile | None:
        """Hand the file out; what is still in buffers is written now."""
        try:
            self.file.flush()
        except OSError as error:
            self._stop(error)
        file: UploadedFile | None = super().file_complete(file_size)
        return file

    def _stop(self, error: OSError) -> None:
        assert self.request is not None
        self.request.upload_problem = error.strerror
        raise StopUpload from error
