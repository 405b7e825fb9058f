"""The few addresses of django-allauth that the site needs; there are no others."""

from django.urls import path

from lrscc.accounts import views
from lrscc.accounts.link_views import Forgotten, UseLink

urlpatterns = [
    path("login/", views.SignIn.as_view(), name="account_login"),
    path("account/forgotten/", Forgotten.as_view(), name="account_forgotten"),
    path("account/link/<str:token>/", UseLink.as_view(), name="account_link"),
    path("account/", views.OwnAccount.as_view(), name="mfa_index"),
    path("account/session/", views.SessionState.as_view(), name="account_session"),
    path(
        "account/sign-out-everywhere/",
        views.SignOutEverywhere.as_view(),
        name="account_sign_out_everywhere",
    ),
    path(
        "account/sessions/<str:name>/end/", views.EndSession.as_view(), name="account_end_session"
    ),
    path("account/second-step/", views.SecondFactor.as_view(), name="mfa_authenticate"),
    path("account/passkey/", views.SignInWithPasskey.as_view(), name="mfa_login_webauthn"),
    path("account/confirm/", views.Confirm.as_view(), name="account_reauthenticate"),
    path("account/confirm/code/", views.ConfirmWithCode.as_view(), name="mfa_reauthenticate"),
    path(
        "account/confirm/passkey/",
        views.ConfirmWithPasskey.as_view(),
        name="mfa_reauthenticate_webauthn",
    ),
    path("account/app/", views.AddApp.as_view(), name="mfa_activate_totp"),
    path("account/app/remove/", views.RemoveApp.as_view(), name="mfa_deactivate_totp"),
    path("account/passkeys/add/", views.AddPasskey.as_view(), name="mfa_add_webauthn"),
    path(
        "account/passkeys/<int:pk>/remove/",
        views.RemovePasskey.as_view(),
        name="mfa_remove_webauthn",
    ),
    path("account/recovery-codes/", views.RecoveryCodes.as_view(), name="mfa_view_recovery_codes"),
    path(
        "account/recovery-codes/new/",
        views.NewRecoveryCodes.as_view(),
        name="mfa_generate_recovery_codes",
    ),
]
