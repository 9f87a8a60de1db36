"""The application: addresses, templates, and what every response has."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from email.utils import format_datetime
from functools import partial
from pathlib import Path
from urllib.parse import quote, urlencode

import jinja2
import msgspec
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import (
    FileResponse,
    HTMLResponse,
    PlainTextResponse,
    RedirectResponse,
    Response,
    StreamingResponse,
)
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .. import __version__
from ..errors import ExitCode, GdfupinError, NotInstalled, TookTooLong, WrongArgument
from ..messages.recorded import recorded_in, word_in
from ..messages.text import as_string
from ..pages.text.unpack import unpack
from ..search import trend_chart
from . import api, exports, memento, pages
from .cursors import StaleCursor
from .edition import Edition
from .language import COOKIE, LANGUAGES, language_of, phrase
from .library import Library
from .parameters import SearchQuery, TrendQuery, WrongQuery, query_of
from .rate import RateLimit
from .room_page import NoSuchThing, RoomPage, View, template_values
from .search_feeds import FEEDS, search_feed
from .search_pages import trend_of

HERE = Path(__file__).parent
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; frame-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""Nothing of a page is executed that is not a file of ours, and nothing is fetched from another host."""
CHART_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
"""Of a chart, which is a picture: it has the styles of its lines in itself."""
CAPTURE_POLICY = "sandbox; default-src 'none'"
"""Of a captured page: of its own, without scripts, forms, styles and pictures."""
PICTURES = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp", "image/bmp", "image/x-ms-bmp"})
"""Types of captured pictures that are shown."""
HEADERS = {
    b"content-security-policy": POLICY.encode(),
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"no-referrer",
    b"cross-origin-opener-policy": b"same-origin",
}
PREFLIGHT = {
    "access-control-allow-methods": "GET, HEAD",
    "access-control-allow-headers": "If-None-Match",
    "access-control-max-age": "86400",
}
"""Headers of the answer to a CORS preflight request."""
_encoder = msgspec.json.Encoder(enc_hook=as_string)


class _Headers:
    """Adds HEADERS where a response does not have them, and lets other sites read the API."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = {name.lower() for name, _ in message["headers"]}
                added = [pair for pair in HEADERS.items() if pair[0] not in given]
                if "/api/" in scope["path"]:
                    added += [(b"access-control-allow-origin", b"*"), (b"access-control-expose-headers", b"ETag, Link")]
                message["headers"] = [*message["headers"], *added]
            await send(message)

        if scope["type"] == "http" and scope["method"] == "OPTIONS" and "/api/" in scope["path"]:
            await Response(status_code=204, headers=PREFLIGHT)(scope, receive, with_headers)
        else:
            await self._app(scope, receive, with_headers if scope["type"] == "http" else send)


class _HeldBack:
    """Answers everything with 503 while the release may not be shown."""

    def __init__(self, app: ASGIApp, library: Library) -> None:
        self._app, self._library = app, library

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not self._library.is_held_back:
            await self._app(scope, receive, send)
        elif "/api/" in scope["path"]:
            await _json({"error": "a new release is being made"}, 503)(scope, receive, send)
        else:
            text = "正在准备新的数据集版本，请稍后再来。\nA new release is being made; please come back later.\n"
            await PlainTextResponse(text, 503)(scope, receive, send)


def application(
    library: Library,
    hosts: Sequence[str],
    menu: pages.Menu = pages.MENU,
    *,
    with_status: bool = False,
    with_limit: bool = False,
) -> Starlette:
    """`hosts`: names under which it may be asked, without port; `*`: any. `with_status`: there is the page of the operator. `with_limit`: a
    client may ask only so often."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE / "templates"), autoescape=True, undefined=jinja2.StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.filters["n"] = lambda value: f"{value:,}"
    environment.filters["list_of"] = list
    show = _Shown(library, environment, (*menu, pages.STATUS) if with_status else menu)
    views = {**pages.VIEWS, "/api": api.described, **({pages.STATUS[1]: pages.status} if with_status else {})}
    routes = [
        Mount("/static", StaticFiles(directory=HERE / "static"), name="static"),
        Route("/trends.svg", show.chart),
        Route("/search.{form}", show.feed),
        Route("/api/v1/search.{form}", show.export),
        Route("/api/v1/openapi.json", show.openapi),
        *(Route(f"{api.ROOT}{each.path}", partial(show.answer, endpoint=each)) for each in api.ENDPOINTS),
        Route("/files/{name}", show.file),
        Route("/articles/{id}/evidence.wacz", show.evidence),
        Route("/articles/{id}/pictures/{version:int}/{number:int}", show.picture),
        Route("/captures/{file:path}/{offset:int}", show.captured),
        *(Route(path, partial(show.page, view=view)) for path, view in views.items()),
        Route("/timegate/{url:path}", show.time_gate),
        Route("/timemap/link/{url:path}", show.time_map),
    ]
    room = Starlette(
        routes=routes,
        middleware=[Middleware(_Headers), *([Middleware(RateLimit)] if with_limit else []), Middleware(_HeldBack, library=library), Middleware(TrustedHostMiddleware, allowed_hosts=list(hosts), www_redirect=False)],
        exception_handlers={HTTPException: show.refused, Exception: show.failed},
    )  # fmt: skip
    room.state.library = library
    return room


class _Shown:
    """Answers requests. Queries run in threads; each request keeps the edition that it began with."""

    def __init__(self, library: Library, environment: jinja2.Environment, menu: pages.Menu) -> None:
        self._library, self._environment, self._menu = library, environment, menu

    async def page(self, request: Request, view: View) -> Response:
        if (chosen := request.query_params.get("lang")) in LANGUAGES:
            return _in_language(request, str(chosen))
        return await self._answered(request, lambda edition: self._page(edition, request, view))

    def _page(self, edition: Edition, request: Request, view: View) -> Response:
        try:
            page = view(edition, request)
        except NoSuchThing:
            return self._problem(edition, request, 404, "not-found")
        except TookTooLong:
            return self._problem(edition, request, 503, "took-too-long")
        except WrongQuery as error:
            return self._problem(edition, request, 400, "error", str(error))
        except GdfupinError as error:
            if error.exit_code != ExitCode.USAGE:
                raise
            return self._problem(edition, request, 400, "error", str(error))
        response = self._html(edition, request, page.template, template_values(page))
        if page.original:
            response.headers["link"] = memento.links(_root(request), page.original)
        return response

    def _problem(self, edition: Edition, request: Request, status: int, name: str, reason: str = "") -> Response:
        values = {"heading": name, "reason": reason, "page": RoomPage("problem.html", {})}
        return self._html(edition, request, "problem.html", values, status)

    def _html(
        self, edition: Edition, request: Request, template: str, values: Mapping[str, object], status: int = 200
    ) -> Response:
        language = language_of(request)
        prefix = request.scope.get("root_path", "")
        rest = [(name, value) for name, value in request.query_params.multi_items() if name != "lang"]

        def address(path: str, **query: object) -> str:
            given = {name: value for name, value in query.items() if value not in ("", None)}
            return str(prefix) + quote(path) + (f"?{urlencode(given)}" if given else "")

        def changed(**query: object) -> str:
            """This page with other parameters."""
            kept = {name: value for name, value in rest if name not in query}
            return address(_path(request), **kept, **query)

        text = self._environment.get_template(template).render(
            values, t=phrase(language), sentence=partial(recorded_in, language=language), word=partial(word_in, language=language), language=language, edition=edition, library=self._library, address=address, changed=changed, menu=self._menu,
            path=_path(request), version=__version__,
        )  # fmt: skip
        return HTMLResponse(text, status, headers={"content-language": "zh-CN" if language == "zh" else "en"})

    async def answer(self, request: Request, endpoint: api.Endpoint) -> Response:
        def made(edition: Edition) -> Response:
            try:
                query_of(request.query_params, endpoint.query)
                part = endpoint.answer(edition, request)
                response = _json(part.answer)
                if part.following is not None:
                    response.headers["link"] = f'<{_following(request, part.following)}>; rel="next"'
                return response
            except NoSuchThing as error:
                return _json({"error": f"no such article: {error}"}, 404)
            except (WrongQuery, WrongArgument) as error:
                return _json({"error": str(error)}, 400)
            except StaleCursor as error:
                return _json({"error": str(error)}, 409)
            except TookTooLong as error:
                return _json({"error": str(error)}, 503)

        return await self._answered(request, made)

    async def export(self, request: Request) -> Response:
        form = request.path_params["form"]
        if form not in exports.KINDS:
            return _json({"error": f"there are {', '.join(f'search.{each}' for each in exports.KINDS)}"}, 404)

        def made(edition: Edition) -> Response:
            try:
                query = query_of(request.query_params, SearchQuery)
                exports.require_known(edition, query)  # before the first line is sent
                content: Iterator[str] | Iterator[bytes]
                if form == "wacz":
                    content = exports.wacz(self._library, edition, query)
                elif form == "parquet":
                    content = exports.parquet(edition, query)
                else:
                    content = exports.lines(edition, query, form)
            except (WrongQuery, WrongArgument) as error:
                return _json({"error": str(error)}, 400)
            except NotInstalled as error:
                return _json({"error": str(error)}, 501)
            except (TookTooLong, exports.Busy) as error:
                return _json({"error": str(error)}, 503)
            name = f'attachment; filename="{edition.name}-search.{form}"'
            return StreamingResponse(content, media_type=exports.KINDS[form], headers={"content-disposition": name})

        return await self._answered(request, made)

    async def openapi(self, request: Request) -> Response:
        return await self._answered(
            request, lambda edition: _json(api.openapi(edition, request.scope.get("root_path", "")))
        )

    async def chart(self, request: Request) -> Response:
        def made(edition: Edition) -> Response:
            try:
                query = query_of(request.query_params, TrendQuery)
                found = trend_of(edition, query)
            except (WrongQuery, WrongArgument) as error:
                return PlainTextResponse(str(error), 400)
            if found is None:
                return PlainTextResponse("q is empty", 400)
            svg = trend_chart.chart(found, share=query.share == "1")
            return Response(svg, media_type="image/svg+xml", headers={"content-security-policy": CHART_POLICY})

        return await self._answered(request, made)

    async def feed(self, request: Request) -> Response:
        """A search as Atom or JSON Feed."""
        if (form := request.path_params["form"]) not in FEEDS:
            return await run_in_threadpool(self._problem, self._library.edition, request, 404, "not-found")

        def made(edition: Edition) -> Response:
            asked = urlencode([(name, value) for name, value in request.query_params.multi_items() if name != "lang"])
            room = str(request.base_url).rstrip("/")
            own, page = (f"{room}/{name}{f'?{asked}' if asked else ''}" for name in (f"search.{form}", "search"))
            try:
                query = query_of(request.query_params, SearchQuery)
                head, entries = search_feed(edition, query, lambda address: room + address, page, own)
            except (WrongQuery, WrongArgument) as error:
                return PlainTextResponse(str(error), 400)
            except TookTooLong as error:
                return PlainTextResponse(str(error), 503)
            kind, document = FEEDS[form]
            return Response(document(head, entries), media_type=kind)

        return await self._answered(request, made)

    async def file(self, request: Request) -> Response:
        """A file of the release, by its name in the manifest."""
        edition, name = self._library.edition, request.path_params["name"]
        if name not in {each.name for each in edition.manifest.files}:
            return await run_in_threadpool(self._problem, edition, request, 404, "not-found")
        return FileResponse(edition.folder / name, filename=name)

    async def captured(self, request: Request) -> Response:
        """A page as it was captured, in a sandbox: nothing of it runs, and it fetches nothing."""

        def made(edition: Edition) -> Response:
            capture = self._library.capture(edition, request.path_params["file"], request.path_params["offset"])
            if capture is None:
                return self._problem(edition, request, 404, "not-found")
            body, _ = unpack(capture.payload, capture.header("content-encoding"))
            kind = capture.header("content-type") or "text/html"
            kind = kind if kind.lower().startswith("text/html") else "text/plain"
            about = {
                "memento-datetime": format_datetime(memento.moment(capture.captured_at), usegmt=True),
                "link": memento.links(_root(request), capture.url),
            }
            return Response(body, headers={"content-type": kind, "content-security-policy": CAPTURE_POLICY, **about})

        return await self._answered(request, made)

    async def time_gate(self, request: Request) -> Response:
        """Leads to a capture of an address, by Accept-Datetime (RFC 7089)."""
        url = memento.asked_url(request.path_params["url"], request.url.query)

        def made(edition: Edition) -> Response:
            try:
                at = memento.asked_time(request.headers.get("accept-datetime"))
            except ValueError as error:
                return PlainTextResponse(str(error), 400)
            found = memento.mementos(self._library, edition, url)
            if not found:
                return self._problem(edition, request, 404, "not-found")
            root = _root(request)
            about = {
                "vary": "accept-datetime",
                "link": memento.links(root, url, is_map=True),
                "cache-control": "no-cache",
            }
            return RedirectResponse(root + memento.chosen(found, at).path, 302, about)

        return await run_in_threadpool(made, self._library.edition)

    async def time_map(self, request: Request) -> Response:
        """All captures of an address (RFC 7089)."""
        url = memento.asked_url(request.path_params["url"], request.url.query)

        def made(edition: Edition) -> Response:
            found = memento.mementos(self._library, edition, url)
            if not found:
                return self._problem(edition, request, 404, "not-found")
            return Response(memento.time_map(_root(request), url, found), media_type=memento.LINK_FORMAT)

        return await self._answered(request, made)

    async def picture(self, request: Request) -> Response:
        """A picture of a version, as it was captured."""

        def made(edition: Edition) -> Response:
            archive, id_ = self._library.archive_of(edition), edition.resolve(request.path_params["id"])
            version, number = request.path_params["version"], request.path_params["number"]
            for shown in edition.versions(id_) if archive is not None and id_ is not None else ():
                if archive is not None and shown["version"] == version and 0 < number <= len(shown["images"]):
                    place = archive.pictures(shown).get(shown["images"][number - 1]["url"])
                    capture = archive.picture(place) if place is not None else None
                    kind = (capture.header("content-type") or "").partition(";")[0].strip().lower() if capture else ""
                    if capture is not None and kind in PICTURES:
                        body, _ = unpack(capture.payload, capture.header("content-encoding"))
                        return Response(body, headers={"content-type": kind, "content-security-policy": CAPTURE_POLICY})
            return self._problem(edition, request, 404, "not-found")

        return await self._answered(request, made)

    async def evidence(self, request: Request) -> Response:
        """The WACZ file of `gdfupin evidence`, of one article at a time."""

        def made(edition: Edition) -> Response:
            archive, id_ = self._library.archive_of(edition), edition.resolve(request.path_params["id"])
            if archive is None or id_ is None:
                return self._problem(edition, request, 404, "not-found")
            try:
                content = exports.evidence(archive, id_)
            except exports.Busy:
                return self._problem(edition, request, 503, "took-too-long")
            except NotInstalled:
                return self._problem(edition, request, 404, "not-found")
            name = f'attachment; filename="{id_}.wacz"'
            return StreamingResponse(content, media_type=exports.KINDS["wacz"], headers={"content-disposition": name})

        return await self._answered(request, made)

    async def refused(self, request: Request, error: Exception) -> Response:
        """404 and 405 of the router."""
        assert isinstance(error, HTTPException)
        if "/api/" in request.url.path:
            return _json({"error": error.detail}, error.status_code)
        name = "not-found" if error.status_code == 404 else "error"
        edition = self._library.edition
        return await run_in_threadpool(self._problem, edition, request, error.status_code, name, error.detail)

    async def failed(self, request: Request, error: Exception) -> Response:
        """A damaged file or an error of the program. The reader gets the kind of error only."""
        reason = type(error).__name__ if isinstance(error, GdfupinError) else ""
        if "/api/" in request.url.path:
            return _json({"error": reason or "internal error"}, 500)
        return await run_in_threadpool(self._problem, self._library.edition, request, 500, "error", reason)

    async def _answered(self, request: Request, made: Callable[[Edition], Response]) -> Response:
        """The response, or 304 where the browser has it already: it depends on the release, the archive, the program and the language alone."""
        edition = self._library.edition
        archive = self._library.archive_of(edition)
        stamp = archive.stamp if archive is not None else ""
        tag = f'W/"{edition.name}-{__version__}-{language_of(request)}-{stamp}"'
        if tag in [each.strip() for each in request.headers.get("if-none-match", "").split(",")]:
            return Response(status_code=304, headers={"etag": tag})
        response = await run_in_threadpool(made, edition)
        if response.status_code == 200:
            response.headers["etag"] = tag
            response.headers["cache-control"] = "no-cache"
            response.headers["vary"] = "Accept-Language, Cookie"
        return response


def _in_language(request: Request, language: str) -> Response:
    """The same page without `lang`, which a cookie keeps from now on."""
    rest = [(name, value) for name, value in request.query_params.multi_items() if name != "lang"]
    place = request.scope.get("root_path", "") + quote(_path(request)) + (f"?{urlencode(rest)}" if rest else "")
    response = RedirectResponse("/" + place.lstrip("/"), 303)  # never to another host
    response.set_cookie(COOKIE, language, max_age=365 * 86400, samesite="lax", httponly=True)
    return response


def _root(request: Request) -> str:
    """The address of the reading room as the reader sees it, without a slash at its end."""
    return str(request.base_url).rstrip("/")


def _following(request: Request, cursor: str) -> str:
    """The address of the next part of a list: this one with another cursor."""
    rest = [(name, value) for name, value in request.query_params.multi_items() if name not in ("cursor", "offset")]
    prefix: str = request.scope.get("root_path", "")
    return prefix + quote(_path(request)) + f"?{urlencode([*rest, ('cursor', cursor)])}"


def _path(request: Request) -> str:
    """The path without the prefix of a proxy."""
    path, prefix = request.url.path, request.scope.get("root_path", "")
    return path.removeprefix(prefix) or "/"


def _json(value: object, status: int = 200) -> Response:
    return Response(_encoder.encode(value), status, media_type="application/json")
