"""A passkey made of software, as a phone keeps it."""

import hashlib
import json
import secrets

from allauth.account.utils import user_pk_to_url_str
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.contrib.auth.models import User
from django.test import Client
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

ALONE = "/admin/account/passkey/"
ADD = "/admin/account/passkeys/add/"
STATE = "mfa.webauthn.state"
FLAG = AuthenticatorData.FLAG


class Passkey:
    """A key for the site that the tests ask, of one person."""

    def __init__(self, user: User) -> None:
        self.handle = websafe_encode(user_pk_to_url_str(user).encode())
        self.id = secrets.token_bytes(16)
        self._key = ec.generate_private_key(ec.SECP256R1())

    def registered(self, client: Client) -> str:
        """What a browser sends when the passkey is set up."""
        data = AttestedCredentialData.create(
            Aaguid.NONE, self.id, ES256.from_cryptography_key(self._key.public_key())
        )
        shown = self._shown(FLAG.UP | FLAG.UV | FLAG.AT, data)
        return self._answer(
            clientDataJSON=self._asked(client, CollectedClientData.TYPE.CREATE),
            attestationObject=AttestationObject.create("none", shown, {}),
        )

    def proof(self, client: Client) -> str:
        """What a browser sends when its user has shown a finger."""
        shown = self._shown(FLAG.UP | FLAG.UV)
        asked = self._asked(client, CollectedClientData.TYPE.GET)
        signature = self._key.sign(shown + asked.hash, ec.ECDSA(hashes.SHA256()))
        return self._answer(clientDataJSON=asked, authenticatorData=shown, signature=signature)

    @staticmethod
    def _asked(client: Client, kind: str) -> CollectedClientData:
        challenge = client.session[STATE]["challenge"]
        return CollectedClientData.create(kind, challenge, "https://testserver")

    @staticmethod
    def _shown(flags: AuthenticatorData.FLAG, data: bytes = b"") -> AuthenticatorData:
        site = hashlib.sha256(b"testserver").digest()
        return AuthenticatorData.create(site, flags, 0, data)

    def _answer(self, **parts: bytes) -> str:
        response = {name: websafe_encode(part) for name, part in parts.items()}
        key = websafe_encode(self.id)
        return json.dumps(
            {
                "id": key,
                "rawId": key,
                "type": "public-key",
                "response": response | {"userHandle": self.handle},
                "clientExtensionResults": {"credProps": {"rk": True}},
            }
        )


def add_passkey(client: Client, user: User) -> Passkey:
    """Set up a passkey in the browser of somebody who has just confirmed who they are."""
    passkey = Passkey(user)
    assert client.get(ADD).status_code == 200
    answer = client.post(ADD, {"name": "My phone", "credential": passkey.registered(client)})
    assert answer.status_code == 302
    return passkey


def sign_in_with(passkey: Passkey, client: Client):
    """The answer to a passkey alone."""
    client.get(ALONE, HTTP_ACCEPT="application/json")
    return client.post(ALONE, {"credential": passkey.proof(client)})
