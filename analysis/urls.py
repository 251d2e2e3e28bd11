"""Pages of this app."""

from django.urls import path

from analysis.views.cancel import cancel
from analysis.views.correction import correct
from analysis.views.delete import delete
from analysis.views.history import history
from analysis.views.image import crop, image, thumbnail
from analysis.views.photo import photo
from analysis.views.reading import reading
from analysis.views.reread import reread
from analysis.views.reread_all import reread_all, stop_all
from analysis.views.retry import retry, retry_batch
from analysis.views.statuses import statuses
from analysis.views.upload import upload, uploaded

app_name = "analysis"

urlpatterns = [
    path("", history, name="history"),
    path("upload/", upload, name="upload"),
    path("uploaded/<uuid:uuid>/", uploaded, name="uploaded"),
    path("uploaded/<uuid:uuid>/retry/", retry_batch, name="retry-batch"),
    path("status/", statuses, name="statuses"),
    path("reread/", reread_all, name="reread-all"),
    path("reread/stop/", stop_all, name="reread-all-stop"),
    path("faces/<uuid:uuid>/wrong/", correct, name="correct"),
    path("faces/<uuid:uuid>/crop/", crop, name="crop"),
    path("<uuid:uuid>/", photo, name="photo"),
    path("<uuid:uuid>/image/", image, name="image"),
    path("<uuid:uuid>/thumbnail/", thumbnail, name="thumbnail"),
    path("<uuid:uuid>/delete/", delete, name="delete"),
    path("<uuid:uuid>/retry/", retry, name="retry"),
    path("<uuid:uuid>/cancel/", cancel, name="cancel"),
    path("<uuid:uuid>/reread/", reread, name="reread"),
    path("<uuid:uuid>/readings/<uuid:reading>/", reading, name="reading"),
]
