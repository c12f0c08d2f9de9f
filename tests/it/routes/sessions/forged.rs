//! Tokens that are not ours, or not any more.

use super::me;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use schema::people::Role;
use schema::problem::Kind;
use schema::rows::keys::{KeyPurpose, SigningKeyRow};
use schema::time::{MINUTE, SECOND};
use serde_json::{Value, json};
use tests::{Person, TestServer, expect_ok, expect_problem};

/// The key that the server signs with: the best that a forger could have.
async fn stolen_key(server: &TestServer) -> SigningKeyRow {
    let read = |conn: &mut server::db::Conn| Ok(server::db::keys::list_keys(conn, KeyPurpose::Token)?);
    server.state.db.read(read).await.unwrap().remove(0)
}

/// What stands in an honest token of this person.
fn claims(server: &TestServer, person: &Person) -> Value {
    let honest = person.token.split('.').nth(1).unwrap();
    let mut claims: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(honest).unwrap()).unwrap();
    claims["exp"] = json!(server.clock.now().micros() / SECOND + 600);
    claims
}

fn signed(kid: Option<&str>, claims: &Value, seed: &[u8]) -> String {
    let prefix = [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];
    let key = EncodingKey::from_ed_der(&[&prefix, seed].concat());
    let header = Header { kid: kid.map(str::to_owned), ..Header::new(Algorithm::EdDSA) };
    jsonwebtoken::encode(&header, claims, &key).unwrap()
}

fn with(claims: &Value, key: &str, value: Value) -> Value {
    let mut changed = claims.clone();
    changed[key] = value;
    changed
}

fn without(claims: &Value, key: &str) -> Value {
    let mut changed = claims.clone();
    changed.as_object_mut().unwrap().remove(key);
    changed
}

#[tokio::test]
async fn a_token_that_is_not_ours_opens_nothing() {
    let server = TestServer::start().await;
    let person = server.person(Role::Administrator).await;
    let key = stolen_key(&server).await;
    let (kid, claims) = (Some(key.kid.as_str()), claims(&server, &person));
    // The forgeries differ from this one in one thing each.
    expect_ok(me(&server, &signed(kid, &claims, &key.secret))).await;

    let encode = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let none = json!({"alg": "none", "typ": "JWT", "kid": key.kid});
    let body = encode(claims.clone());
    // The public key as the secret of an HMAC: the classic confusion.
    let hmac = Header { kid: Some(key.kid.clone()), ..Header::new(Algorithm::HS256) };
    let hmac = jsonwebtoken::encode(&hmac, &claims, &EncodingKey::from_secret(key.public.as_slice())).unwrap();
    let (head, signature) =
        person.token.split_once('.').map(|(head, rest)| (head, rest.split_once('.').unwrap().1)).unwrap();
    let forgeries = [
        ("alg none", format!("{}.{body}.", encode(none.clone()))),
        ("alg none with a signature", format!("{}.{body}.{signature}", encode(none))),
        ("hmac", hmac),
        ("another's key under our name", signed(kid, &claims, &[9; 32])),
        ("an unknown key", signed(Some("nobody's"), &claims, &key.secret)),
        ("no key named", signed(None, &claims, &key.secret)),
        ("another audience", signed(kid, &with(&claims, "aud", json!("elsewhere")), &key.secret)),
        ("no audience", signed(kid, &without(&claims, "aud"), &key.secret)),
        ("another issuer", signed(kid, &with(&claims, "iss", json!("http://elsewhere")), &key.secret)),
        ("no end", signed(kid, &without(&claims, "exp"), &key.secret)),
        ("no person", signed(kid, &without(&claims, "sub"), &key.secret)),
        ("a person by name", signed(kid, &with(&claims, "sub", json!("administrator1")), &key.secret)),
        (
            "another body under our signature",
            format!("{head}.{}.{signature}", encode(with(&claims, "role", json!("technician")))),
        ),
        ("no signature", format!("{head}.{body}")),
        ("garbage", "x.y.z".to_owned()),
        ("nothing", String::new()),
        ("a long one", "x".repeat(6_000)),
    ];
    for (what, token) in forgeries {
        let answer = me(&server, &token).send().await.unwrap();
        let (status, body) = (answer.status().as_u16(), answer.text().await.unwrap());
        assert!(status == 401 && body.contains("\"unauthenticated\""), "{what}: {status} {body}");
    }
    expect_problem(server.get("/v1/me"), Kind::Unauthenticated).await;
    expect_problem(server.get("/v1/me").basic_auth("administrator1", Some("x")), Kind::Unauthenticated).await;
}

#[tokio::test]
async fn a_token_for_another_persons_session_opens_nothing() {
    let server = TestServer::start().await;
    let (person, other) = (server.person(Role::Administrator).await, server.person(Role::DeskAgent).await);
    let key = stolen_key(&server).await;
    let mixed = with(&claims(&server, &person), "sid", claims(&server, &other)["sid"].clone());
    expect_problem(me(&server, &signed(Some(&key.kid), &mixed, &key.secret)), Kind::SessionEnded).await;
}

#[tokio::test]
async fn a_stolen_key_is_worth_nothing_once_it_is_rotated_out() {
    let server = TestServer::start().await;
    let person = server.person(Role::Administrator).await;
    let key = stolen_key(&server).await;
    let (now, purpose) = (server.clock.now().plus(SECOND), KeyPurpose::Token);
    server.state.db.write(move |conn| server::auth::keys::rotate(conn, purpose, now, [7; 32])).await.unwrap();
    server.clock.advance(20 * MINUTE);
    let forged = signed(Some(&key.kid), &claims(&server, &person), &key.secret);
    expect_problem(me(&server, &forged), Kind::Unauthenticated).await;
}
