from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from panro.accounts.models import User


@pytest.mark.django_db
class TestUser:
    def test_address_is_stored_in_lower_case_whatever_was_typed(self) -> None:
        user = User.objects.create_user("  Kim@Example.KR ", "pw", name="김판로")
        user.refresh_from_db()
        assert (user.email, user.name, user.is_staff, user.is_superuser) == ("kim@example.kr", "김판로", False, False)

    def test_found_by_any_spelling_of_the_address(self) -> None:
        user = User.objects.create_user("kim@example.kr", "pw")
        assert User.objects.get_by_natural_key("KIM@example.kr ") == user

    def test_the_same_address_twice_is_refused_by_the_database(self) -> None:
        User.objects.create_user("kim@example.kr", "pw")
        with pytest.raises(IntegrityError, match="user_email_once"), transaction.atomic():
            User.objects.create_user("KIM@example.kr", "pw")

    @pytest.mark.parametrize("address", ["Kim@example.kr", ""])
    def test_the_database_refuses_an_address_that_could_not_be_found_again(self, address: str) -> None:
        with pytest.raises(IntegrityError, match="user_email_lower_case"), transaction.atomic():
            User.objects.create(email=address)

    def test_the_database_refuses_an_engineer_who_is_not_staff(self) -> None:
        with pytest.raises(IntegrityError, match="user_superuser_is_staff"), transaction.atomic():
            User.objects.create(email="a@example.kr", is_superuser=True, is_staff=False)

    @pytest.mark.parametrize("address", ["", "   "])
    def test_no_account_without_an_address(self, address: str) -> None:
        with pytest.raises(ValueError, match="needs an e-mail address"):
            User.objects.create_user(address, "pw")

    def test_without_a_password_nobody_logs_in(self) -> None:
        user = User.objects.create_user("kim@example.kr")
        assert user.has_usable_password() is False

    def test_superuser_has_every_right(self) -> None:
        user = User.objects.create_superuser("root@example.kr", "pw")
        assert (user.is_staff, user.is_superuser, user.has_perm("accounts.view_user")) == (True, True, True)

    def test_forms_say_the_address_is_taken_before_the_database_does(self) -> None:
        User.objects.create_user("kim@example.kr", "pw")
        with pytest.raises(ValidationError):
            User(email="KIM@example.kr", password="x").full_clean()

    @pytest.mark.parametrize(("name", "shown"), [("김판로", "김판로"), ("", "kim@example.kr")])
    def test_shown_by_name_or_else_by_address(self, name: str, shown: str) -> None:
        assert str(User(email="kim@example.kr", name=name)) == shown
