"""`hotline manage createapikey`: make a partner's key and show it once."""

from __future__ import annotations

import re
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from hotline.channels.api import keys
from hotline.channels.history.profile import SENDER_PREFIX
from hotline.organisation import queries as organisation
from hotline.refusal import Refused
from hotline.ui.moment import now

_PARTNER = re.compile(r"[a-z][a-z0-9_-]{1,39}")


class Command(BaseCommand):
    """Prints the key on standard output and nothing else there."""

    help = "Make an API key for a partner; it is shown once and kept only as a hash."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What the command takes."""
        parser.add_argument(
            "partner", help="code of the partner: small letters, digits, - and _; a partner may have many keys"
        )
        parser.add_argument("--authority", required=True, help="code of the authority, for example 430700")
        parser.add_argument("--channel", default="api", help="channel of its appeals unless they name one")
        parser.add_argument("--scope", action="append", choices=keys.SCOPES, help="default: all")
        parser.add_argument("--per-minute", type=int, default=600)

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the key."""
        partner = options["partner"]
        if not _PARTNER.fullmatch(partner) or partner.startswith(SENDER_PREFIX):
            raise CommandError(
                f"name the partner with small letters, digits, - and _, not starting with {SENDER_PREFIX!r}"
            )
        authority = organisation.authority(options["authority"])
        if authority is None:
            codes = ", ".join(each.code for each in organisation.authorities())
            raise CommandError(f"there is no authority {options['authority']!r}; known: {codes or 'none yet'}")
        try:
            secret = keys.create(
                authority_id=authority.id,
                partner=partner,
                scopes=options["scope"] or keys.SCOPES,
                channel=options["channel"],
                per_minute=options["per_minute"],
                at=now(),
            )
        except Refused as refused:
            raise CommandError("; ".join(reason.words() for reason in refused.reasons)) from refused
        self.stdout.write(secret)
