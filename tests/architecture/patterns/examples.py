"""A small project for each pattern, and some that are only called so."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Example:
    """A project that shows a pattern in `subject`."""

    pattern: str
    subject: str
    files: dict[str, str]


def _method(number: int, field: str) -> str:
    return f"    pub fn step_{number}(&mut self) {{\n        let x = {number};\n        self.{field} += x;\n    }}\n"


def _calls(module: str, called: str, own: str) -> str:
    """Return seven functions, each of which calls one of another module."""
    return "".join(f"pub fn {own}{n}() {{ crate::{module}::{called}{n}() }}\n" for n in range(7))


_GOD_FIELDS = [f"f{number}" for number in range(14)]
_GOD = (
    "pub struct Everything {\n"
    + "".join(f"    {field}: u32,\n" for field in _GOD_FIELDS)
    + "}\nimpl Everything {\n"
    + "".join(_method(number, _GOD_FIELDS[number % 14]) for number in range(52))
    + "}\n"
)
_USERS = ["a", "b", "c", "d", "e", "f"]

_HEXAGON = {
    "src/lib.rs": "pub mod domain;\npub mod outbound;\n",
    "src/domain.rs": "pub mod ports;\npub mod service;\npub struct Author { pub name: String }\n",
    "src/domain/ports.rs": "use super::Author;\npub trait Notifier { fn created(&self, author: &Author); }\n",
    "src/domain/service.rs": (
        "use super::ports::Notifier;\npub struct Work<N: Notifier> { n: N }\n"
        "impl<N: Notifier> Work<N> { pub fn go(&self) {} }\n"
    ),
    "src/outbound.rs": (
        "use crate::domain::{ports::Notifier, Author};\npub struct Mail;\n"
        "impl Notifier for Mail { fn created(&self, author: &Author) { send(author) } }\n"
    ),
}

EXAMPLES = (
    Example(
        "layered",
        "demo",
        {
            "src/lib.rs": "pub mod api;\npub mod service;\npub mod db;\n",
            "src/api.rs": "pub mod users;\npub mod orders;\n",
            "src/api/users.rs": "use crate::service::users::find;\npub fn get() { find() }\n",
            "src/api/orders.rs": "use crate::service::orders::find;\npub fn get() { find() }\n",
            "src/service.rs": "pub mod users;\npub mod orders;\n",
            "src/service/users.rs": "use crate::db::Pool;\npub fn find() { Pool::open() }\n",
            "src/service/orders.rs": "use crate::db::Pool;\npub fn find() { Pool::open() }\n",
            "src/db.rs": "pub struct Pool { x: u8 }\n",
        },
    ),
    Example("hexagonal", "demo", _HEXAGON),
    Example(
        "clean",
        "demo",
        {
            "src/lib.rs": "pub mod domain;\npub mod application;\npub mod infrastructure;\n",
            "src/domain.rs": "pub struct Client { pub id: u8 }\n",
            "src/application.rs": (
                "use crate::domain::Client;\npub trait Clients { fn save(&self, client: &Client); }\n"
                "pub fn create(clients: &dyn Clients) { clients.save(&Client { id: 1 }) }\n"
            ),
            "src/infrastructure.rs": (
                "use crate::application::Clients;\nuse crate::domain::Client;\npub struct Memory;\n"
                "impl Clients for Memory { fn save(&self, client: &Client) { keep(client) } }\n"
            ),
        },
    ),
    Example(
        "cqrs",
        "demo",
        {
            "src/lib.rs": "pub mod commands;\npub mod queries;\npub mod shop;\n",
            "src/commands.rs": "pub struct PlaceOrder { pub id: u8 }\n",
            "src/queries.rs": "pub struct FindOrder { pub id: u8 }\n",
            "src/shop.rs": (
                "use crate::commands::PlaceOrder;\nuse crate::queries::FindOrder;\n"
                "pub struct Shop { orders: Vec<u8> }\n"
                "impl Handler<PlaceOrder> for Shop {\n"
                "    fn handle(&mut self, command: PlaceOrder) { self.orders.push(1) }\n}\n"
                "impl Handler<FindOrder> for Shop {\n"
                "    fn handle(&self, query: FindOrder) -> u8 { self.orders[0] }\n}\n"
            ),
        },
    ),
    Example(
        "event-sourcing",
        "demo::Account",
        {
            "src/lib.rs": (
                "pub enum AccountEvent { Opened, Paid(u64) }\npub struct Account { balance: u64 }\n"
                "impl Account {\n    fn apply(&mut self, event: &AccountEvent) {\n        match event {\n"
                "            AccountEvent::Opened => self.balance = 0,\n"
                "            AccountEvent::Paid(sum) => self.balance += sum,\n        }\n    }\n"
                "    pub fn handle(&self, sum: u64) -> Vec<AccountEvent> { vec![AccountEvent::Paid(sum)] }\n}\n"
            )
        },
    ),
    Example(
        "service-discovery",
        "demo::Discovery",
        {
            "src/lib.rs": (
                "pub struct Backend { addr: u8 }\n"
                "pub trait Discovery { fn discover(&self) -> Vec<Backend>; }\npub struct Fixed { all: Vec<Backend> }\n"
                "impl Discovery for Fixed { fn discover(&self) -> Vec<Backend> { self.all.clone() } }\n"
                "pub struct Balancer { from: Box<dyn Discovery> }\n"
                "impl Balancer { fn pick(&self) { self.from.discover(); } }\n"
            )
        },
    ),
    Example(
        "circuit-breaker",
        "demo::State",
        {
            "src/lib.rs": (
                "pub enum State { Closed, Open(Instant), HalfOpen }\n"
                "pub struct Breaker { state: State, failures: u32, timeout: Duration }\n"
                "impl Breaker {\n    pub fn permits(&mut self) -> bool {\n        match self.state {\n"
                "            State::Closed => true,\n            State::HalfOpen => true,\n"
                "            State::Open(_) => false,\n        }\n    }\n}\n"
            )
        },
    ),
    Example(
        "repository",
        "demo::UserRepository",
        {
            "src/lib.rs": (
                "pub struct User { id: u8 }\npub struct UserRepository { users: HashMap<u8, User> }\n"
                "impl UserRepository {\n    pub fn find(&self, id: u8) -> Option<&User> { self.users.get(&id) }\n"
                "    pub fn save(&mut self, user: User) { self.users.insert(user.id, user); }\n}\n"
            )
        },
    ),
    Example(
        "service",
        "demo::OrderService",
        {
            "src/lib.rs": (
                "pub trait Orders { fn save(&self); fn find(&self); }\npub trait Mailer { fn send(&self); }\n"
                "pub struct OrderService { orders: Arc<dyn Orders>, mailer: Arc<dyn Mailer> }\n"
                "impl OrderService {\n    pub fn place(&self) { self.orders.save(); self.mailer.send() }\n"
                "    pub fn find(&self) { self.orders.find() }\n}\n"
            )
        },
    ),
    Example("god-object", "demo::Everything", {"src/lib.rs": _GOD}),
    Example(
        "singleton-abuse",
        "demo::state::STATE",
        {
            "src/lib.rs": "pub mod state;\n" + "".join(f"mod {name};\n" for name in _USERS),
            "src/state.rs": (
                "pub static STATE: Mutex<Vec<u8>> = Mutex::new(Vec::new());\n"
                "pub fn state() { STATE.lock(); }\n"
            ),
            **{
                f"src/{name}.rs": (
                    "use crate::state::STATE;\npub fn f() { STATE.lock(); }\n"
                    if name < "d"
                    else "pub fn f() { crate::state::state(); }\n"
                )
                for name in _USERS
            },
        },
    ),
    Example(
        "circular-dependencies",
        "demo::a",
        {
            "src/lib.rs": "mod a;\nmod b;\n",
            "src/a.rs": "pub struct A(crate::b::B);\n",
            "src/b.rs": "pub struct B(Box<crate::a::A>);\n",
        },
    ),
    Example(
        "tight-coupling",
        "demo::a and demo::b",
        {
            "src/lib.rs": "mod a;\nmod b;\n",
            "src/a.rs": _calls("b", "g", "f"),
            "src/b.rs": _calls("a", "f", "g"),
        },
    ),
    Example(
        "single-responsibility",
        "demo::Desk",
        {
            "src/lib.rs": (
                "pub struct Desk { names: Vec<u8>, count: u8, sum: u8, taxes: Vec<u8>, rate: u8, due: u8 }\n"
                "impl Desk {\n"
                + "".join(
                    f"    pub fn {name}_{n}(&mut self) {{\n        let x = {n};\n        let y = x + {n};\n"
                    f"        self.{first} = y;\n        self.{second} = y;\n        self.{third}.push(y);\n    }}\n"
                    for n in range(7)
                    for name, first, second, third in (
                        ("count", "count", "sum", "names"),
                        ("tax", "rate", "due", "taxes"),
                    )
                )
                + "}\n"
            )
        },
    ),
    Example(
        "open-closed",
        "demo::kind::Kind",
        {
            "src/lib.rs": "pub mod kind;\n" + "".join(f"mod {name};\n" for name in _USERS),
            "src/kind.rs": "pub enum Kind { A, B, C, D, E }\n",
            **{
                f"src/{name}.rs": (
                    "use crate::kind::Kind;\npub fn f(kind: Kind) -> u8 {\n    match kind {\n"
                    "        Kind::A => 1,\n        _ => 2,\n    }\n}\n"
                )
                for name in _USERS
            },
        },
    ),
    Example(
        "substitution",
        "demo::Source",
        {
            "src/lib.rs": (
                "pub trait Source { fn read(&self); fn finish(&self); }\npub struct File;\npub struct Net;\n"
                "impl Source for File {\n    fn read(&self) { open() }\n"
                '    fn finish(&self) { panic!("no download") }\n}\n'
                "impl Source for Net {\n    fn read(&self) { get() }\n    fn finish(&self) { close() }\n}\n"
            )
        },
    ),
    Example(
        "interface-segregation",
        "demo::Machine",
        {
            "src/lib.rs": (
                "pub trait Machine {\n"
                + "".join(f"    fn m{n}(&self);\n" for n in range(9))
                + "}\npub struct Printer;\nimpl Machine for Printer {\n"
                + "".join(
                    f"    fn m{n}(&self) {{ {'unimplemented!()' if n < 5 else 'print()'} }}\n"
                    for n in range(9)
                )
                + "}\n"
            )
        },
    ),
)
CALLED_SO = (
    Example("repository", "", {"src/lib.rs": "pub struct UserRepository { path: String }\n"}),
    Example("service", "", {"src/lib.rs": "pub struct UserService { port: u16 }\n"}),
    Example(
        "circuit-breaker", "", {"src/lib.rs": "pub struct CircuitBreaker;\npub enum State { Open, Closed }\n"}
    ),
    Example(
        "cqrs",
        "",
        {"src/lib.rs": "pub mod c { pub struct AddCommand; }\npub mod q { pub struct GetQuery; }\n"},
    ),
    Example("event-sourcing", "", {"src/lib.rs": "pub struct EventStore;\npub enum Event { A, B }\n"}),
    Example(
        "service-discovery", "", {"src/lib.rs": "pub trait ServiceDiscovery { fn name(&self) -> String; }\n"}
    ),
    Example(
        "layered",
        "",
        {
            "src/lib.rs": (
                "pub mod api { pub fn f() {} }\npub mod service { pub fn g() {} }\n"
                "pub mod db { pub fn h() {} }\n"
            )
        },
    ),
    Example(
        "hexagonal",
        "",
        {**_HEXAGON, "src/domain.rs": _HEXAGON["src/domain.rs"] + "pub fn f() { crate::outbound::Mail; }\n"},
    ),
    Example(
        "clean",
        "",
        {
            "src/lib.rs": "pub mod domain {}\npub mod application {}\npub mod infrastructure { pub fn f() {} }\n"
        },
    ),
)
