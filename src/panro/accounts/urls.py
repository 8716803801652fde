"""Addresses of the room besides those of the log-in library; the roof declares who may enter them."""

from __future__ import annotations

from django.urls import path

from panro.accounts import views

urlpatterns = [
    path("", views.home, name="account_home"),
    path("name/", views.change_name, name="account_name"),
    path("consents/", views.show_consents, name="account_consents"),
    path("consents/<slug:kind>/", views.change_consent, name="account_consent"),
    path("sessions/<int:session>/end/", views.end_session, name="account_end_session"),
    path("close/", views.close, name="account_close"),
    path("closed/", views.closed, name="account_closed"),
    path("kakao/login/", views.kakao_login, name="kakao_login"),
    path("kakao/login/callback/", views.kakao_callback, name="kakao_callback"),
    path("naver/login/", views.naver_login, name="naver_login"),
    path("naver/login/callback/", views.naver_callback, name="naver_callback"),
]
