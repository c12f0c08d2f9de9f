//! `server user …`: people, for whoever runs the machine. The first administrator is made here, because nobody can log in yet.
#![expect(clippy::print_stdout, reason = "the answer of a command")]

use crate::RunError;
use crate::auth::password::{check_new, hash_now};
use crate::config::Config;
use crate::db::{Conn, people as rows, write_now};
use crate::domain::outlets;
use crate::domain::people::{self, Act, Hired};
use crate::{find, prepare, state};
use clap::{Args, Subcommand};
use schema::id::{OutletId, PersonId};
use schema::outlet::{CreateOutlet, OutletSettings};
use schema::people::{Language, Role};
use schema::problem::{Kind, Problem};
use schema::rows::people::PersonRow;
use schema::staff::{ChangePerson, CreatePerson};
use schema::time::Timestamp;
use std::io::{IsTerminal as _, Read as _};

#[derive(Debug, Subcommand)]
pub enum Users {
    /// Add a person; the first one makes the first outlet too
    Add(Add),
    /// List people
    List,
    /// Shut a person out: no log-in any more, phones revoked
    Disable { login: String },
    /// Set a person's password; they are logged out everywhere
    Password {
        login: String,
        #[command(flatten)]
        source: PasswordSource,
    },
}

#[derive(Debug, Args)]
pub struct Add {
    /// Letters, digits and . _ - @
    #[arg(long)]
    login: String,
    /// The person's name
    #[arg(long)]
    name: String,
    /// What the person does: administrator, desk_agent, dispatcher, technician, …
    #[arg(long, default_value = "administrator")]
    role: Role,
    /// The person's own number
    #[arg(long, default_value = "")]
    phone: String,
    /// zh-CN or en
    #[arg(long, default_value = "zh-CN")]
    language: Language,
    /// What jobs ask for; may be given several times
    #[arg(long = "skill")]
    skills: Vec<String>,
    /// The next free one where it is left out
    #[arg(long)]
    staff_number: Option<String>,
    /// Code of the person's outlet
    #[arg(long, default_value = "01")]
    outlet_code: String,
    /// Found the outlet under this name, where there is none of that code
    #[arg(long)]
    outlet_name: Option<String>,
    #[command(flatten)]
    source: PasswordSource,
}

#[derive(Debug, Args)]
pub struct PasswordSource {
    /// Read the password from the first line of the standard input instead of asking for it
    #[arg(long)]
    password_stdin: bool,
}

/// Does what the command says.
pub fn main(config: &Config, command: Users) -> Result<(), RunError> {
    // The first person may come before the first start; whoever else is named is somewhere already.
    let url = if matches!(command, Users::Add(_)) { prepare(config)?.0 } else { find(config)? };
    let now = state::system_clock()();
    match command {
        Users::Add(add) => {
            let login = add.login.trim().to_lowercase();
            let password = add.source.read("/password", &login)?;
            let hash = hash_now(&password)?;
            let person = write_now(&url, |conn| add_person(conn, &add, &hash, now))?;
            println!("{} ({}) can log in as {}", person.name, person.role, person.login);
        }
        Users::List => {
            for person in write_now(&url, |conn| Ok(rows::list_people(conn, &EVERYBODY, None, i64::MAX)?))? {
                let disabled = if person.disabled_at.is_some() { "  (disabled)" } else { "" };
                println!("{}  {}  {}  {}{disabled}", person.staff_number, person.login, person.role, person.name);
            }
        }
        Users::Disable { login } => {
            let input = ChangePerson { disabled: Some(true), ..ChangePerson::default() };
            write_now(&url, |conn| change(conn, &login, &input, None, now))?;
            println!("{login} is disabled");
        }
        Users::Password { login, source } => {
            let password = source.read("/password", &login.to_lowercase())?;
            let hash = hash_now(&password)?;
            write_now(&url, |conn| change(conn, &login, &ChangePerson::default(), Some(&hash), now))?;
            println!("{login} has a new password");
        }
    }
    Ok(())
}

const EVERYBODY: rows::PeopleFilter = rows::PeopleFilter { outlet: None, role: None, with_disabled: true, part: None };

fn add_person(conn: &mut Conn, add: &Add, hash: &str, now: Timestamp) -> Result<PersonRow, Problem> {
    let input = CreatePerson {
        outlet_id: outlet(conn, add, now)?,
        login: add.login.clone(),
        password: String::new(),
        name: add.name.clone(),
        phone: add.phone.clone(),
        role: add.role,
        skills: add.skills.clone(),
        language: add.language,
        staff_number: add.staff_number.clone(),
    };
    let id = PersonId::new(now, state::random());
    people::create(conn, &input, &Hired { id, password_hash: hash, now })
}

/// The outlet of the code; founded where a name is given for it, or where there is none at all.
fn outlet(conn: &mut Conn, add: &Add, now: Timestamp) -> Result<OutletId, Problem> {
    let code = add.outlet_code.trim().to_uppercase();
    if let Some(outlet) = crate::db::outlets::find_outlet_by_code(conn, &code)? {
        return Ok(outlet.id);
    }
    let first = crate::db::outlets::count_outlets(conn)? == 0;
    let name = match &add.outlet_name {
        Some(name) => name.clone(),
        None if first => String::from("总店"),
        None => {
            let zh = format!("没有代码为 {code} 的网点");
            let en = format!("there is no outlet {code}; --outlet-name founds it");
            return Err(Problem::because(Kind::NotFound, zh, en));
        }
    };
    let input = CreateOutlet {
        code,
        name,
        phone: String::new(),
        time_zone: String::from("Asia/Shanghai"),
        settings: OutletSettings::default(),
    };
    Ok(outlets::create(conn, &input, OutletId::new(now, state::random()), now)?.id)
}

fn change(
    conn: &mut Conn,
    login: &str,
    input: &ChangePerson,
    hash: Option<&str>,
    now: Timestamp,
) -> Result<PersonRow, Problem> {
    let person = rows::find_person_by_login(conn, &login.trim().to_lowercase())?;
    let nobody = || Problem::because(Kind::NotFound, "没有这个用户", format!("nobody is called {login}"));
    people::change(conn, person.ok_or_else(nobody)?.id, input, hash, Act { by: None, now })
}

impl PasswordSource {
    fn read(&self, at: &str, login: &str) -> Result<String, RunError> {
        let password = if self.password_stdin || !std::io::stdin().is_terminal() { piped()? } else { asked()? };
        check_new(at, &password, login)?;
        Ok(password)
    }
}

fn piped() -> Result<String, RunError> {
    let mut text = String::new();
    std::io::stdin().take(4096).read_to_string(&mut text)?;
    Ok(text.lines().next().unwrap_or("").to_owned())
}

fn asked() -> Result<String, RunError> {
    let password = rpassword::prompt_password("Password: ")?;
    if rpassword::prompt_password("Again: ")? == password {
        return Ok(password);
    }
    Err(Problem::field("/password", "两次输入的密码不一致", "the two passwords differ").into())
}
