"""The site as archives are asked for it."""

import ipaddress

from ...errors import WrongArgument
from ...frontier.scope import bare
from ...messages.text import N_
from ...pages import host_of
from ...profiles import Profile


def domains_of(profile: Profile) -> list[str]:
    """The domains of a profile's hosts, none below another: `matchType=domain` covers `www.`, other names, ports and https.

    Raises WrongArgument where the profile has neither hosts nor start URLs.
    """
    hosts = {bare(host) for host in profile.hosts} or {host_of(url) for url in profile.start_urls}
    if not hosts:
        raise WrongArgument(
            "--profile", N_("profile {name} has no hosts, so no archive can be asked for the site", name=profile.name)
        )
    return sorted(host for host in hosts if not any(_is_below(host, other) for other in hosts))


def _is_below(host: str, other: str) -> bool:
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return host.endswith(f".{other}")
    return False
