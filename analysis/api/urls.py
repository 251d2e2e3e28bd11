"""Addresses under /api/v1/."""

from django.urls import path

from analysis.api.batches import BatchListView, BatchRetryView, BatchView
from analysis.api.faces import CorrectionListView, FaceCropView
from analysis.api.keeping import KeepingView
from analysis.api.photos import PhotoImageView, PhotoListView, PhotoView
from analysis.api.readings import AnalysisListView, CancelView, RereadView, RetryView
from analysis.api.rereading import RereadingView
from analysis.api.review.faces import ReviewFaceListView, ReviewFaceView
from analysis.api.review.pictures import ReviewFaceImageView
from analysis.api.review.verdicts import VerdictView
from analysis.api.trying import TryView

urlpatterns = [
    path("photos/", PhotoListView.as_view(), name="photos"),
    path("photos/reread/", RereadingView.as_view(), name="photos-reread"),
    path("photos/<uuid:uuid>/", PhotoView.as_view(), name="photo"),
    path("photos/<uuid:uuid>/image/", PhotoImageView.as_view(), name="photo-image"),
    path("photos/<uuid:uuid>/analyses/", AnalysisListView.as_view(), name="photo-analyses"),
    path("photos/<uuid:uuid>/retry/", RetryView.as_view(), name="photo-retry"),
    path("photos/<uuid:uuid>/cancel/", CancelView.as_view(), name="photo-cancel"),
    path("photos/<uuid:uuid>/reread/", RereadView.as_view(), name="photo-reread"),
    path("batches/", BatchListView.as_view(), name="batches"),
    path("batches/<uuid:uuid>/", BatchView.as_view(), name="batch"),
    path("batches/<uuid:uuid>/retry/", BatchRetryView.as_view(), name="batch-retry"),
    path("try/", TryView.as_view(), name="try"),
    path("faces/<uuid:uuid>/corrections/", CorrectionListView.as_view(), name="corrections"),
    path("faces/<uuid:uuid>/crop/", FaceCropView.as_view(), name="face-crop"),
    path("review/faces/", ReviewFaceListView.as_view(), name="review-faces"),
    path("review/faces/<uuid:uuid>/", ReviewFaceView.as_view(), name="review-face"),
    path("review/faces/<uuid:uuid>/image/", ReviewFaceImageView.as_view(), name="review-face-image"),
    path("review/faces/<uuid:uuid>/verdict/", VerdictView.as_view(), name="review-face-verdict"),
    path("keeping/", KeepingView.as_view(), name="keeping"),
]
