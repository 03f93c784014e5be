//! The whole database as JSON lines: one format for both engines, read in one transaction and restored in one.
//!
//! ```text
//! {"format":"hanqitong-backup","version":1,"schema":"m2026…"}
//! {"table":"bureau","row":{"id":"…","code":"…",…}}
//! …
//! {"rows":12345,"sha256":"…"}        the last line: a file cut short is refused
//! ```

use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::Path;

use domain::Scope;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{
    ColumnTrait, ColumnType, ConnectionTrait, DatabaseTransaction, EntityTrait, IdenStatic, Iterable,
    PrimaryKeyToColumn, QueryFilter, QueryOrder, QueryResult, QuerySelect, Statement, Value,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};
use sha2::{Digest, Sha256};

use crate::access::system_only;
use crate::connect::{Engine, Store};
use crate::entity::{self, for_each_table};
use crate::error::Error;

const FORMAT: &str = "hanqitong-backup";
const VERSION: u32 = 1;
/// Rows held in memory at once, and few of those that may be large.
const PAGE: usize = 500;
const PAGE_OF_FILES: usize = 4;
/// Rows every migrated database holds; a restore replaces them.
const PREFILLED: &str = "counter";

/// What a backup holds, as its first and last line say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manifest {
    /// Name of the newest migration step.
    pub schema: String,
    pub rows: u64,
    pub sha256: String,
}

#[derive(Debug, Serialize, Deserialize)]
struct Head {
    format: String,
    version: u32,
    schema: String,
}

#[derive(Debug, Serialize, Deserialize)]
struct Line {
    table: String,
    row: Map<String, Json>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Tail {
    rows: u64,
    sha256: String,
}

impl Store {
    /// Writes a backup file. It appears under its name only when it is complete and on the disk.
    pub async fn backup_to(&self, scope: &Scope, path: &Path) -> Result<Manifest, Error> {
        let partial = path.with_extension("partial");
        let mut writer = BufWriter::new(File::create(&partial)?);
        let manifest = self.export(scope, &mut writer).await?;
        writer.into_inner().map_err(std::io::IntoInnerError::into_error)?.sync_all()?;
        std::fs::rename(&partial, path)?;
        Ok(manifest)
    }

    /// Restores a backup file into an empty, migrated database of either engine.
    pub async fn restore_from(&self, scope: &Scope, path: &Path) -> Result<Manifest, Error> {
        self.import(scope, &mut BufReader::new(File::open(path)?)).await
    }

    /// Writes every table as it is at one moment, while others go on writing.
    pub async fn export<W: Write + Send>(&self, scope: &Scope, writer: W) -> Result<Manifest, Error> {
        system_only(scope, "back up")?;
        let db = self.snapshot().await?;
        let schema = schema(&db).await?;
        let mut out = Export { writer, hasher: Sha256::new(), rows: 0 };
        out.line(&Head { format: FORMAT.to_owned(), version: VERSION, schema: schema.clone() })?;
        macro_rules! export {
            ($($table:ident),+) => { $( out.table::<entity::$table::Entity>(&db).await?; )+ };
        }
        for_each_table!(export);
        db.commit().await?;
        let (rows, sha256) = (out.rows, hex::encode(out.hasher.clone().finalize()));
        out.line(&Tail { rows, sha256: sha256.clone() })?;
        out.writer.flush()?;
        Ok(Manifest { schema, rows, sha256 })
    }

    /// Restores a backup, all of it or nothing.
    ///
    /// # Errors
    ///
    /// [`Error::NotEmpty`], [`Error::OtherSchema`], or [`Error::BadBackup`] with the line.
    pub async fn import<R: BufRead + Send>(&self, scope: &Scope, reader: R) -> Result<Manifest, Error> {
        system_only(scope, "restore")?;
        let tx = self.begin().await?;
        let mut source = Import { reader, hasher: Sha256::new(), line: 0, rows: 0, ahead: None };
        let head: Head = source.head()?;
        let database = schema(&tx.db).await?;
        if head.schema != database {
            return Err(Error::OtherSchema { backup: head.schema, database });
        }
        macro_rules! restore {
            ($($table:ident),+) => { $( source.table::<entity::$table::Entity>(&tx.db).await?; )+ };
        }
        for_each_table!(restore);
        let manifest = source.tail(head.schema)?;
        advance_sequences(&tx.db, self.engine()).await?;
        tx.commit().await?;
        Ok(manifest)
    }
}

struct Export<W> {
    writer: W,
    hasher: Sha256,
    rows: u64,
}

impl<W: Write + Send> Export<W> {
    fn line(&mut self, value: &impl Serialize) -> Result<(), Error> {
        let mut text = serde_json::to_string(value).map_err(|source| Error::Encode { what: "backup line", source })?;
        text.push('\n');
        self.hasher.update(text.as_bytes());
        Ok(self.writer.write_all(text.as_bytes())?)
    }

    async fn table<E: EntityTrait>(&mut self, db: &DatabaseTransaction) -> Result<(), Error>
    where
        <E::PrimaryKey as Iterable>::Iterator: Send,
    {
        let keys: Vec<E::Column> = E::PrimaryKey::iter().map(PrimaryKeyToColumn::into_column).collect();
        let table = E::default().table_name().to_owned();
        let mut last: Option<Vec<Value>> = None;
        loop {
            let mut query = E::find().select_only().columns(E::Column::iter()).limit(page::<E>() as u64);
            for key in &keys {
                query = query.order_by_asc(*key);
            }
            if let Some(last) = &last {
                let columns = Expr::tuple(keys.iter().map(|key| Expr::col((E::default(), *key))));
                query = query.filter(columns.gt(Expr::tuple(last.iter().map(|value| Expr::val(value.clone())))));
            }
            let rows = db.query_all(&sea_orm::QueryTrait::into_query(query)).await?;
            for row in &rows {
                let mut fields = Map::new();
                for column in E::Column::iter() {
                    fields.insert(column.as_str().to_owned(), read(row, column.as_str(), &column_type::<E>(column))?);
                }
                self.line(&Line { table: table.clone(), row: fields })?;
                self.rows += 1;
            }
            let Some(end) = rows.last().filter(|_| rows.len() == page::<E>()) else { return Ok(()) };
            let key = |column: &E::Column| {
                let json = read(end, column.as_str(), &column_type::<E>(*column))?;
                Ok(value(json, &column_type::<E>(*column)).unwrap_or(Value::BigInt(None)))
            };
            last = Some(keys.iter().map(key).collect::<Result<_, Error>>()?);
        }
    }
}

struct Import<R> {
    reader: R,
    hasher: Sha256,
    line: u64,
    rows: u64,
    /// A line read that belongs to the next table.
    ahead: Option<String>,
}

impl<R: BufRead + Send> Import<R> {
    fn bad(&self, message: &(impl ToString + ?Sized)) -> Error {
        Error::BadBackup { line: self.line, message: message.to_string() }
    }

    fn next(&mut self) -> Result<String, Error> {
        if let Some(line) = self.ahead.take() {
            return Ok(line);
        }
        let mut text = String::new();
        self.line += 1;
        if self.reader.read_line(&mut text)? == 0 {
            return Err(self.bad("the file ends before its last line"));
        }
        Ok(text)
    }

    fn head(&mut self) -> Result<Head, Error> {
        let text = self.next()?;
        self.hasher.update(text.as_bytes());
        let head: Head = serde_json::from_str(&text).map_err(|error| self.bad(&error))?;
        if head.format != FORMAT || head.version != VERSION {
            return Err(
                self.bad(&format!("`{}` version {} is not a backup this version reads", head.format, head.version))
            );
        }
        Ok(head)
    }

    fn tail(&mut self, schema: String) -> Result<Manifest, Error> {
        let text = self.next()?;
        let tail: Tail = serde_json::from_str(&text).map_err(|error| self.bad(&error))?;
        let sha256 = hex::encode(self.hasher.clone().finalize());
        if (tail.rows, &tail.sha256) != (self.rows, &sha256) {
            return Err(self.bad("rows or checksum differ: the file was changed"));
        }
        Ok(Manifest { schema, rows: tail.rows, sha256 })
    }

    async fn table<E: EntityTrait>(&mut self, db: &DatabaseTransaction) -> Result<(), Error> {
        let name = static_name::<E>();
        if name == PREFILLED {
            E::delete_many().exec(db).await?;
        } else if E::find().limit(1).one(db).await?.is_some() {
            return Err(Error::NotEmpty(name));
        }
        let mut rows: Vec<Vec<Value>> = Vec::new();
        loop {
            let text = self.next()?;
            let Some(row) = self.row::<E>(name, &text)? else {
                self.ahead = Some(text);
                break;
            };
            self.hasher.update(text.as_bytes());
            self.rows += 1;
            rows.push(row);
            if rows.len() == page::<E>() {
                insert::<E>(db, std::mem::take(&mut rows)).await?;
            }
        }
        insert::<E>(db, rows).await
    }

    /// The values of a line in the order of the columns; `None` for a line of another table or the last.
    fn row<E: EntityTrait>(&self, name: &str, text: &str) -> Result<Option<Vec<Value>>, Error> {
        let Ok(mut line) = serde_json::from_str::<Line>(text) else { return Ok(None) };
        if line.table != name {
            return Ok(None);
        }
        let mut values = Vec::new();
        for column in E::Column::iter() {
            let json =
                line.row.remove(column.as_str()).ok_or_else(|| self.bad(&format!("no `{}`", column.as_str())))?;
            let value = value(json, &column_type::<E>(column));
            values.push(value.ok_or_else(|| self.bad(&format!("`{}` is of another type", column.as_str())))?);
        }
        Ok(Some(values))
    }
}

async fn insert<E: EntityTrait>(db: &DatabaseTransaction, rows: Vec<Vec<Value>>) -> Result<(), Error> {
    if rows.is_empty() {
        return Ok(());
    }
    let mut insert = Query::insert();
    insert.into_table(E::default()).columns(E::Column::iter());
    for row in rows {
        insert.values_panic(row.into_iter().map(Expr::val));
    }
    db.execute(&insert).await?;
    Ok(())
}

fn column_type<E: EntityTrait>(column: E::Column) -> ColumnType {
    column.def().get_column_type().clone()
}

fn page<E: EntityTrait>() -> usize {
    let holds_files = E::Column::iter().any(|column| is_bytes(&column_type::<E>(column)));
    if holds_files { PAGE_OF_FILES } else { PAGE }
}

fn is_bytes(kind: &ColumnType) -> bool {
    matches!(kind, ColumnType::VarBinary(_) | ColumnType::Blob)
}

fn static_name<E: EntityTrait>() -> &'static str {
    E::default().as_str()
}

/// A column as JSON: bytes in hexadecimal, everything else as itself.
fn read(row: &QueryResult, name: &str, kind: &ColumnType) -> Result<Json, Error> {
    Ok(match kind {
        ColumnType::BigInteger => Json::from(row.try_get::<Option<i64>>("", name)?),
        ColumnType::Boolean => Json::from(row.try_get::<Option<bool>>("", name)?),
        kind if is_bytes(kind) => Json::from(row.try_get::<Option<Vec<u8>>>("", name)?.map(hex::encode)),
        _ => Json::from(row.try_get::<Option<String>>("", name)?),
    })
}

/// The typed value of a column, so that PostgreSQL knows what an absent one would have been.
fn value(json: Json, kind: &ColumnType) -> Option<Value> {
    match (kind, json) {
        (ColumnType::BigInteger, Json::Null) => Some(Value::BigInt(None)),
        (ColumnType::BigInteger, Json::Number(number)) => number.as_i64().map(Value::from),
        (ColumnType::Boolean, Json::Null) => Some(Value::Bool(None)),
        (ColumnType::Boolean, Json::Bool(flag)) => Some(Value::from(flag)),
        (kind, Json::String(text)) if is_bytes(kind) => hex::decode(text).ok().map(Value::from),
        (ColumnType::String(_) | ColumnType::Text, Json::Null) => Some(Value::String(None)),
        (ColumnType::String(_) | ColumnType::Text, Json::String(text)) => Some(Value::from(text)),
        _ => None,
    }
}

/// Name of the newest migration step.
async fn schema(db: &DatabaseTransaction) -> Result<String, Error> {
    let sql = "SELECT version FROM seaql_migrations ORDER BY version DESC LIMIT 1";
    let row = db.query_one_raw(Statement::from_string(db.get_database_backend(), sql)).await?;
    Ok(row.ok_or_else(|| Error::not_found("schema", "version"))?.try_get("", "version")?)
}

/// PostgreSQL hands out numbers without looking at the rows; SQLite looks.
async fn advance_sequences(db: &DatabaseTransaction, engine: Engine) -> Result<(), Error> {
    if engine == Engine::Sqlite {
        return Ok(());
    }
    for (table, column) in [("enterprise", "ordinal"), ("profile_change", "seq"), ("event", "seq"), ("feedback", "seq")]
    {
        let sql = format!(
            "SELECT setval(pg_get_serial_sequence('{table}', '{column}'), \
             (SELECT COALESCE(MAX({column}), 0) + 1 FROM {table}), false)"
        );
        db.execute_unprepared(&sql).await?;
    }
    Ok(())
}
