"""Django's settings. What differs between deployments comes from the environment (see docs/)."""

from __future__ import annotations

import os

from django.utils.csp import CSP

import panro.accounts.conf
import panro.files.conf
from panro.site import environment
from panro.site.paths import VAR
from panro.site.schedules import SCHEDULES

# --- who is served -----------------------------------------------------------------------------------------
# Without PANRO_HOSTS the site answers this machine alone: a demo, a rehearsal, a developer.
PUBLIC_HOSTS = environment.words("PANRO_HOSTS")
IS_PUBLIC = bool(PUBLIC_HOSTS)
DEBUG = False
ALLOWED_HOSTS = PUBLIC_HOSTS or ["localhost", "127.0.0.1", "[::1]"]
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in PUBLIC_HOSTS]
SITE_ADDRESS = environment.site_address(PUBLIC_HOSTS)  # for links in messages
SECRET_KEY = environment.secret_key(VAR / "secret-key", public=IS_PUBLIC)
PRETENDED_DAY = None if IS_PUBLIC else environment.day("PANRO_PRETENDED_DAY")  # a demonstration's today
OFFICIAL_MASTHEAD = environment.flag("PANRO_OFFICIAL_MASTHEAD")  # only a government body may show it

# --- rooms -------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "panro.site",
    "panro.insight",
    "panro.selection",
    "panro.evaluation",
    "panro.screening",
    "panro.intake",
    "panro.catalog",
    "panro.editions",
    "panro.vault",
    "panro.parties",
    "panro.staff",
    "panro.files",
    "panro.notify",
    "panro.record",
    "panro.accounts",
    "panro.ui",
    "django.forms",
    "panro.site.apps.EngineerAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",  # with the services of panro.accounts.provider
    "allauth.usersessions",
    "django_ox",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "panro.intake.views.kept.KeepTyped",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "panro.accounts.middleware.StaffSecondFactor",
]
ROOT_URLCONF = "panro.site.urls"
WSGI_APPLICATION = "panro.site.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "panro.ui.context.page",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- database, cache, tasks --------------------------------------------------------------------------------
DATABASES = {
    "default": {
        "ENGINE": "panro.site.database",
        **environment.database(os.environ.get("DATABASE_URL", "")),
        "CONN_HEALTH_CHECKS": True,
    },
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    # Shared by all processes, so that a limit on attempts counts the same on each of them.
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "site_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},  # beyond it entries are thrown out, and limits with them
    },
}
TASKS = {"default": {"BACKEND": "django_ox.backend.OxBackend", "OPTIONS": {"SCHEDULES": SCHEDULES}}}

# --- accounts ----------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "panro.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_SIGNUP_FORM_CLASS = "panro.accounts.forms.NamedSignup"
ACCOUNT_FORMS = {"signup": "panro.accounts.signup.SignUp"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_CONFIRMATION_EXPIRE_DAYS = 1
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True  # whoever finds an open page changes no way in
ACCOUNT_RATE_LIMITS = {  # attempts per time, for each address, account or key (an e-mail address)
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "signup": "20/m/ip,100/h/ip",
    "reset_password": "20/m/ip,5/m/key",
    "reauthenticate": "10/m/user",
}
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if environment.flag("PANRO_BEHIND_PROXY") else 0
SOCIALACCOUNT_ADAPTER = "panro.accounts.social.SocialAdapter"
SOCIALACCOUNT_FORMS = {"signup": "panro.accounts.signup.SocialSignUp"}
SOCIALACCOUNT_PROVIDERS = panro.accounts.conf.providers()
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False  # nobody becomes a member's double by having the same address elsewhere
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_REQUESTS_TIMEOUT = 5
USERSESSIONS_TRACK_ACTIVITY = False  # a list of open sessions needs no write on every page
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ADAPTER = "panro.accounts.passkeys.MfaAdapter"
MFA_FORMS = {
    "login_webauthn": "panro.accounts.passkeys.LogInByPasskey",
    "authenticate_webauthn": "panro.accounts.passkeys.SecondStepByPasskey",
    "reauthenticate_webauthn": "panro.accounts.passkeys.ProofByPasskey",
    "add_webauthn": "panro.accounts.passkeys.AddPasskey",
    "edit_webauthn": "panro.accounts.passkeys.RenamePasskey",
}
MFA_TOTP_ISSUER = "Panro"
MAILERS = {"default": environment.mailer(VAR / "mail")}
DEFAULT_FROM_EMAIL = os.environ.get("PANRO_MAIL_FROM", "panro@localhost")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# --- language, time ----------------------------------------------------------------------------------------
LANGUAGE_CODE = "ko"
LANGUAGES = [("ko", "한국어"), ("en", "English")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Seoul"  # of pages; stored in UTC

# --- files -------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
# Compressing costs a quarter of a minute of every first start and saves nothing on the way to this machine itself.
_STATIC_FILES = (
    "whitenoise.storage.CompressedManifestStaticFilesStorage"
    if IS_PUBLIC
    else "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
)
STORAGES = {
    "default": panro.files.conf.storage(VAR / "files"),
    "staticfiles": {"BACKEND": _STATIC_FILES},
}

FILE_UPLOAD_HANDLERS = [
    "panro.files.limits.SizeGuard",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# --- browser security --------------------------------------------------------------------------------------
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF, CSP.NONCE],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "form-action": [CSP.SELF, *panro.accounts.conf.form_targets()],
    "frame-ancestors": [CSP.NONE],
    "base-uri": [CSP.NONE],
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_SSL_REDIRECT = IS_PUBLIC
SECURE_HSTS_SECONDS = 31_536_000 if IS_PUBLIC else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = IS_PUBLIC
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if environment.flag("PANRO_BEHIND_PROXY") else None
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = IS_PUBLIC
SESSION_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "panro.site.views.csrf_failure"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

# --- what is written down ----------------------------------------------------------------------------------
_LOG_LEVEL = os.environ.get("PANRO_LOG_LEVEL", "WARNING")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"terminal": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["terminal"], "level": _LOG_LEVEL},
    # Django tells of every task's beginning and end at INFO, whatever the root says.
    "loggers": {"django.tasks": {"level": _LOG_LEVEL}},
}
SILENCED_SYSTEM_CHECKS = [] if IS_PUBLIC else ["security.W008", "security.W012", "security.W016", "security.W004"]
