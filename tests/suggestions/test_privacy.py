"""What this app holds about people, and that it goes with them."""

from collections.abc import Callable

from accounts.models import User
from analysis import services as analysis
from analysis.models import Photo
from suggestions import services
from suggestions.models import CatalogueItem, Feedback, Preference

MakePhoto = Callable[..., Photo]


def test_feedback_and_preference_go_with_the_person_and_the_catalogue_stays(
    ann: User, ben: User, make_photo: MakePhoto
) -> None:
    item = CatalogueItem.objects.get(slug="september")
    for person in (ann, ben):
        services.dismiss(person=person, item=item, analysis=make_photo(person).latest)
        services.set_preference(person=person, kinds=["music"], use_photos=True)
    ann.delete()
    assert [one.person for one in Feedback.objects.all()] == [ben]
    assert [one.person for one in Preference.objects.all()] == [ben]
    assert CatalogueItem.objects.filter(pk=item.pk).exists()


def test_when_a_photo_is_deleted_the_word_stays_and_the_link_goes(ann: User, make_photo: MakePhoto) -> None:
    photo = make_photo(ann)
    services.dismiss(person=ann, item=CatalogueItem.objects.get(slug="september"), analysis=photo.latest)
    analysis.delete_photo(photo)
    assert Feedback.objects.get().analysis is None


def test_an_export_holds_all_of_it(ann: User) -> None:
    services.dismiss(person=ann, item=CatalogueItem.objects.get(slug="september"))
    services.set_preference(person=ann, kinds=["music"], use_photos=False)
    data = services.personal_data_of(ann)
    assert data["preference"] == {"kinds": ["music"], "use_photos": False}
    assert str(data["feedback"]).count("september") == 1
    assert ann.email not in str(data)
