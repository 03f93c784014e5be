//! One record list in all rows of a segment.

use indexmap::IndexSet;
use rules::{Completeness, Period, Record, RecordList};

use super::bytes::{Bytes, Reader, put, put_day, put_size, put_text};
use super::facts::{grade, period, put_grade};
use super::store::Store;
use super::value::{Kind, Pool};

/// The fields of a record, in their order, and what each holds.
type Shape = Vec<(String, Kind)>;

/// Lists as bytes: how many statements of completeness, each with its number and period; then the records, each the
/// number of its shape and a number per field that needs one.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lists {
    pub(crate) store: Store,
    shapes: IndexSet<Shape>,
    /// Without their periods.
    statements: IndexSet<Completeness>,
    pool: Pool,
}

impl Lists {
    pub(super) fn set(&mut self, row: usize, list: &RecordList) {
        let mut part = Vec::new();
        if !list.records.is_empty() || !list.complete.is_empty() {
            put_size(&mut part, list.complete.len());
        }
        for statement in &list.complete {
            let common = Completeness { period: Period { from: None, to: None }, ..statement.clone() };
            put_size(&mut part, self.statements.insert_full(common).0);
            put_day(&mut part, statement.period.from);
            put_day(&mut part, statement.period.to);
        }
        for record in &list.records {
            let kept: Vec<_> = record.iter().map(|(field, value)| (field, self.pool.keep(value))).collect();
            let shape: Shape = kept.iter().map(|(field, (kind, _))| ((*field).clone(), *kind)).collect();
            put_size(&mut part, self.shapes.insert_full(shape).0);
            for (_, (_, number)) in kept.iter().filter(|(_, (kind, _))| kind.has_number()) {
                put(&mut part, *number);
            }
        }
        self.store.set(row, &part);
    }

    /// The list of a part as it was put in.
    pub(crate) fn list(&self, part: &[u8], list: &mut RecordList) {
        let mut part = Reader(part);
        // A part ends where it ends: what is cut short was never written.
        let _ = self.statements(&mut part, list);
        while let Some(record) = self.record(&mut part) {
            list.records.push(record);
        }
    }

    fn statements(&self, part: &mut Reader<'_>, list: &mut RecordList) -> Option<()> {
        for _ in 0..part.size()? {
            let statement = self.statements.get_index(part.size()?)?;
            let period = period((part.number()?, part.number()?));
            list.complete.push(Completeness { period, ..statement.clone() });
        }
        Some(())
    }

    fn record(&self, part: &mut Reader<'_>) -> Option<Record> {
        let shape = self.shapes.get_index(part.size()?)?;
        let mut record = Record::new();
        for (field, kind) in shape {
            let number = if kind.has_number() { part.number()? } else { 0 };
            record.insert(field.clone(), self.pool.value(*kind, number)?);
        }
        Some(record)
    }

    /// Memory that is ours.
    pub(super) fn own(&self) -> usize {
        let shapes: usize = self.shapes.iter().map(|shape| 64 + 48 * shape.len()).sum();
        self.store.own() + self.pool.own() + shapes + 256 * self.statements.len()
    }

    pub(super) fn write(&self, out: &mut Vec<u8>) {
        put_size(out, self.shapes.len());
        for shape in &self.shapes {
            put_size(out, shape.len());
            for (field, kind) in shape {
                put_text(out, field);
                put(out, *kind as u64);
            }
        }
        // The values of scopes go to the pool, which is written after.
        let mut pool = self.pool.clone();
        put_size(out, self.statements.len());
        for statement in &self.statements {
            put_text(out, &statement.source);
            put_grade(out, statement.grade);
            put_size(out, statement.scope.len());
            for (field, value) in &statement.scope {
                let (kind, number) = pool.keep(value);
                put_text(out, field);
                put(out, kind as u64);
                put(out, number);
            }
        }
        pool.write(out);
        put_size(out, self.store.rows());
    }

    pub(super) fn read(rest: &mut Reader<'_>, data: Bytes) -> Option<Self> {
        let count = rest.size()?;
        let mut shapes = IndexSet::new();
        for _ in 0..count {
            let mut shape = Shape::new();
            for _ in 0..rest.size()? {
                shape.push((rest.text()?.to_owned(), Kind::at(rest.number()?)?));
            }
            shapes.insert(shape);
        }
        (shapes.len() == count).then_some(())?;
        let statements = read_statements(rest)?;
        let pool = Pool::read(rest)?;
        let rows = rest.size()?;
        let statements = scoped(statements, &pool)?;
        Some(Self { store: Store::new(data, rows)?, shapes, statements, pool })
    }
}

/// A statement with the values of its scope still as numbers.
type Unscoped = (Completeness, Vec<(String, Kind, u64)>);

fn read_statements(rest: &mut Reader<'_>) -> Option<Vec<Unscoped>> {
    let mut statements = Vec::new();
    for _ in 0..rest.size()? {
        let (source, grade) = (rest.text()?.to_owned(), grade(rest)?);
        let mut scope = Vec::new();
        for _ in 0..rest.size()? {
            scope.push((rest.text()?.to_owned(), Kind::at(rest.number()?)?, rest.number()?));
        }
        let period = Period { from: None, to: None };
        statements.push((Completeness { scope: Record::new(), period, source, grade }, scope));
    }
    Some(statements)
}

fn scoped(statements: Vec<Unscoped>, pool: &Pool) -> Option<IndexSet<Completeness>> {
    let count = statements.len();
    let mut whole = IndexSet::new();
    for (mut statement, scope) in statements {
        for (field, kind, number) in scope {
            statement.scope.insert(field, pool.value(kind, number)?);
        }
        whole.insert(statement);
    }
    (whole.len() == count).then_some(whole)
}
