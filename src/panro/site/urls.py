"""Every address of the site."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path
from django.views.i18n import set_language

from panro.site import views
from panro.ui.routes import Entry, declare, page

urlpatterns = [
    path("", include("panro.editions.urls")),  # the front page is the portal of the year's programmes
    path("", include("panro.insight.urls")),
    path("", include("panro.selection.urls")),
    page("language/", set_language, name="set_language", entry=Entry.PUBLIC),
    page("healthz", views.health, name="health", entry=Entry.PUBLIC),
    path("accounts/", include("panro.accounts.urls")),
    path("accounts/", include("allauth.account.urls")),
    path("accounts/2fa/", include("allauth.mfa.urls")),
    path("accounts/connections/", include("allauth.socialaccount.urls")),
    path("accounts/sessions/", include("allauth.usersessions.urls")),
    path("admin/", admin.site.urls),
    path("files/", include("panro.files.urls")),
    path("office/", include("panro.staff.urls")),
    path("office/", include("panro.screening.urls")),
    path("office/", include("panro.parties.office_urls")),
    path("office/", include("panro.intake.office_urls")),
    path("", include("panro.evaluation.urls")),
    path("my/", include("panro.parties.urls")),
    path("my/", include("panro.vault.urls")),
    path("my/", include("panro.catalog.urls")),
    path("", include("panro.intake.urls")),
    path("notify/", include("panro.notify.urls")),
    path("record/", include("panro.record.urls")),
]

handler400 = "panro.site.views.bad_request"
handler403 = "panro.site.views.forbidden"
handler404 = "panro.site.views.not_found"
handler429 = "panro.accounts.views.too_many"
handler500 = "panro.site.views.server_error"

declare(
    Entry.PUBLIC,
    "account_login",
    "account_logout",
    "account_inactive",
    "account_signup",
    "account_email_verification_sent",
    "account_confirm_email",
    "account_confirm_login_code",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "mfa_authenticate",
    "mfa_login_webauthn",
    "socialaccount_login_cancelled",
    "socialaccount_signup",
    "kakao_login",
    "kakao_callback",
    "naver_login",
    "naver_callback",
    "account_closed",
)
declare(
    Entry.SIGNED_IN,
    "account_reauthenticate",
    "account_email",
    "account_change_password",
    "account_set_password",
    "account_home",
    "account_name",
    "account_consents",
    "account_consent",
    "account_end_session",
    "account_close",
    "socialaccount_connections",
    "socialaccount_login_error",  # visitors are shown the error in place
    "usersessions_list",
    "mfa_index",
    "mfa_activate_totp",
    "mfa_deactivate_totp",
    "mfa_reauthenticate",
    "mfa_generate_recovery_codes",
    "mfa_view_recovery_codes",
    "mfa_download_recovery_codes",
    "mfa_list_webauthn",
    "mfa_add_webauthn",
    "mfa_edit_webauthn",
    "mfa_remove_webauthn",
    "mfa_reauthenticate_webauthn",
)
declare(Entry.SIGNED_IN, "files:")
declare(Entry.PUBLIC, "record:")
declare(Entry.PUBLIC, "notify:")  # a provider reports here; the path holds a secret
declare(Entry.ENGINEER, "admin:")
