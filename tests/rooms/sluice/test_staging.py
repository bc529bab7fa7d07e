# SPDX-License-Identifier: EUPL-1.2
"""A photo stays with a form that comes back; for its sender only, and not for long."""

import io
import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.timezone import now
from PIL import Image

from helhet.foundation.matters.files import check_file
from helhet.foundation.matters.models import File, Matter
from helhet.rooms.sluice import staging
from helhet.rooms.sluice.models import Sluice, Staged
from tests.people import Town, person

GPS = 0x8825


def photo(name: str = "halka.jpg") -> SimpleUploadedFile:
    """A picture that tells where it was taken."""
    exif = Image.Exif()
    exif[GPS] = {1: "N", 2: (67.0, 51.0, 0.0)}
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(out, "JPEG", exif=exif)
    return SimpleUploadedFile(name, out.getvalue(), content_type="image/jpeg")


@pytest.fixture
def employee(client: Client, town: Town, sluice: Sluice) -> Client:
    client.force_login(person("employee", town.technical))
    return client


def come_back(client: Client, **more: object) -> str:
    """Send a form that lacks its text, with a photo: the page that comes back."""
    answer = client.post("/lamna/", {"kind": "need", "text": "", "attachments": photo(), **more})
    assert answer.status_code == 422
    return answer.content.decode()


def kept(page: str) -> list[str]:
    return re.findall(r'name="kept" value="([\w-]+)" checked', page)


def test_the_photo_is_still_there_and_goes_along_without_its_position(employee: Client) -> None:
    page = come_back(employee)
    assert "halka.jpg" in page
    employee.post("/lamna/", {"kind": "need", "text": "Det är halt.", "kept": kept(page)})
    file = File.objects.get(matter=Matter.objects.get())
    with Image.open(file.blob) as sent:
        assert sent.getexif().get_ifd(GPS)
    check_file(str(file.uid))
    file.refresh_from_db()
    assert (file.name, file.state) == ("halka.jpg", "ok")
    with Image.open(file.blob) as shown:
        assert not shown.getexif().get_ifd(GPS)
    assert not Staged.objects.exists()


def test_it_stays_through_two_errors_and_a_second_photo(employee: Client) -> None:
    first = kept(come_back(employee))
    page = come_back(employee, kept=first)
    assert len(kept(page)) == 2
    employee.post("/lamna/", {"kind": "need", "text": "Det är halt.", "kept": kept(page)})
    assert File.objects.count() == 2


def test_what_is_unticked_stays_behind(employee: Client) -> None:
    come_back(employee)
    employee.post("/lamna/", {"kind": "need", "text": "Det är halt."})
    assert Matter.objects.count() == 1
    assert not File.objects.exists()


def test_a_visitors_photo_stays_too(client: Client, sluice: Sluice) -> None:
    page = come_back(client)
    client.post("/lamna/", {"kind": "need", "text": "Det är halt.", "kept": kept(page)})
    assert File.objects.get().name == "halka.jpg"


def test_nobody_else_gets_it(employee: Client, town: Town) -> None:
    theirs = kept(come_back(employee))
    other = Client()
    other.force_login(person("employee", town.social))
    other.post("/lamna/", {"kind": "need", "text": "Ge mig fotot.", "kept": theirs})
    assert Matter.objects.count() == 1
    assert not File.objects.exists()


def test_it_leaves_after_a_day(employee: Client, django_capture_on_commit_callbacks: Any) -> None:
    page = come_back(employee)
    blob = Staged.objects.get().blob
    Staged.objects.update(created_at=now() - timedelta(days=1, minutes=1))
    employee.post("/lamna/", {"kind": "need", "text": "Det är halt.", "kept": kept(page)})
    assert not File.objects.exists()
    assert blob.storage.exists(blob.name)
    with django_capture_on_commit_callbacks(execute=True):
        staging.tidy_staged()
    assert not Staged.objects.exists()
    assert not blob.storage.exists(blob.name)


def test_what_is_refused_is_not_kept_and_nothing_else_is_lost(employee: Client) -> None:
    wrong = SimpleUploadedFile("farlig.exe", b"MZ")
    page = come_back(employee, attachments=[photo(), wrong])
    assert len(kept(page)) == 1
    assert "Filtypen går inte att bifoga" in page


def test_without_script_the_chosen_sluices_questions_are_shown_and_all_is_kept(employee: Client, town: Town) -> None:
    own = Sluice.objects.create(organisation=town.streets, title="Gatan", questions=[{"key": "q1", "label": "Vilken?"}])
    typed = {"kind": "idea", "text": "Värm trappan.", "sluice": own.pk, "show": "1", "attachments": photo()}
    answer = employee.post("/lamna/", typed)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Vilken?" in page
    assert "Värm trappan." in page
    assert len(kept(page)) == 1
    assert not Matter.objects.exists()
