"""The rule about errors without a source: what it reports, and what it leaves alone."""

import pytest

from tests.review.mended import found

HOLDER = "enum A { One, Two(std::io::Error) }\n"


@pytest.mark.parametrize(
    ("code", "count"),
    [
        (HOLDER + "impl std::error::Error for A {}", 1),
        (HOLDER + "impl Error for A {}", 1),
        (HOLDER + 'impl core::error::Error for A { fn description(&self) -> &str { "" } }', 1),
        (HOLDER + "impl Error for A { fn source(&self) -> Option<&(dyn Error + 'static)> { None } }", 0),
        (HOLDER + "impl Error for A { fn cause(&self) -> Option<&dyn Error> { None } }", 0),
        (HOLDER + "impl Error for A { forward!(); }", 0),
        (HOLDER + "impl serde::de::Error for A {}", 0),
        ("enum A { B { path: PathBuf, cause: Box<dyn Error + Send + Sync> } } impl Error for A {}", 1),
        ("struct A { line: u32, cause: ParseIntError } impl Error for A {}", 1),
        ("struct A { cause: ParseIntError } impl Error for A {}", 0),
        ("struct A(ParseIntError); impl Error for A {}", 0),
        ("struct A { inner: io::Error, _marker: PhantomData<u8> } impl Error for A {}", 0),
        ("struct A<T> { value: T, cause: Utf8Error } impl<T> Error for A<T> {}", 0),
        ("enum A { B(fmt::Error), C(String), D(ErrorKind) } impl Error for A {}", 0),
        ("enum A { B(OwnError) } enum OwnError { C } impl Error for A {}", 0),
        ("enum A { B(OwnError) } enum OwnError { C } impl Error for A {} impl Error for OwnError {}", 1),
        ("mod m { enum A { B(io::Error) } } enum A { C } impl Error for A {}", 0),
        ("impl Error for A {}", 0),
    ],
)
def test_errors_that_hold_another_have_a_source(code: str, count: int) -> None:
    assert len(found("error_without_source", code)) == count
