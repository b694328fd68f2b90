"""Names in mixed case that are no names of code."""

_KNOWN = frozenset(
    b"""
    KiB MiB GiB TiB PiB EiB MHz GHz THz AccessKit CoAP CoreFoundation CoreGraphics CoreText
    Direct2D Direct3D DirectWrite DirectX ECMAScript GPLv2 GPLv3 GitHub GitLab IPv4 IPv6 InfiniBand RoCE
    ClojureScript CoffeeScript JavaScript PostScript PureScript TypeScript PowerPC PowerShell WebAssembly
    NaN NaNs OAuth GraphQL SQLite MySQL PostgreSQL MariaDB MongoDB OCaml
    OpenAL OpenDNS OpenGL OpenMP OpenSSH OpenSSL OpenStreetMap OpenTelemetry OpenType
    WebAuthn WebGL WebGL2 WebGPU WebRTC WebSocket WebTransport TensorFlow TrueType
    iOS macOS FreeBSD NetBSD OpenBSD NixOS TeX LaTeX BibTeX BibLaTeX MinGW CamelCase
    """.split()
)


def is_known(name: bytes) -> bool:
    """Tell whether a word is the name of a product, a unit or a standard."""
    return name in _KNOWN
