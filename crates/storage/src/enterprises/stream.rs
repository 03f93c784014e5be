//! All enterprises as fast as the engine gives them: pages are read while others are decoded, on every core.

use std::num::NonZero;
use std::ops::Range;

use domain::{Enterprise, EnterpriseOrdinal, Instant, Scope};
use futures_util::stream::{BoxStream, StreamExt};
use sea_orm::sea_query::Query;
use sea_orm::{ColumnTrait, ConnectionTrait, QueryResult};

use super::profile;
use crate::access::readable_enterprises;
use crate::connect::Store;
use crate::entity::enterprise;
use crate::error::Error;
use crate::row::readable;

/// Ordinals of one page: enough that a statement costs little of its rows' time, few enough to hold several at once.
const PAGE: i64 = 2_000;

/// How many times wider a page may be where ordinals are sparse.
const WIDEST: i64 = 8;

/// Enterprises by ordinal, page by page.
pub struct EnterpriseStream {
    /// The newest change when the reading began. What was written after it may or may not have been read: who follows
    /// the feed from here misses nothing.
    pub seq: i64,
    /// How many enterprises there were then, for a progress display.
    pub count: u64,
    pages: BoxStream<'static, Result<Vec<Enterprise>, Error>>,
}

impl std::fmt::Debug for EnterpriseStream {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EnterpriseStream").field("seq", &self.seq).field("count", &self.count).finish_non_exhaustive()
    }
}

impl EnterpriseStream {
    /// The next page; it may be empty where many enterprises were deleted. `None` behind the last.
    pub async fn next(&mut self) -> Option<Result<Vec<Enterprise>, Error>> {
        self.pages.next().await
    }
}

impl Store {
    /// Every enterprise behind `after`, in the order of their ordinals. A row that does not decode is logged and left
    /// out.
    pub async fn stream_enterprises(
        &self,
        scope: &Scope,
        after: Option<EnterpriseOrdinal>,
    ) -> Result<EnterpriseStream, Error> {
        let seq = self.latest_change(scope).await?;
        let count = self.count_enterprises(scope).await?;
        let ahead = std::thread::available_parallelism().map_or(1, NonZero::get) + 1;
        let (store, scope) = (self.clone(), scope.clone());
        let pages = pages(self.ordinals(after).await?, count).map(move |page| {
            let (store, scope) = (store.clone(), scope.clone());
            async move { store.read_page(&scope, page).await }
        });
        Ok(EnterpriseStream { seq, count, pages: futures_util::stream::iter(pages).buffered(ahead).boxed() })
    }

    /// The ordinals in use behind `after`, as the bounds of what is to be read.
    async fn ordinals(&self, after: Option<EnterpriseOrdinal>) -> Result<Range<i64>, Error> {
        use enterprise::Column as C;
        let select = Query::select().expr(C::Ordinal.min()).expr(C::Ordinal.max()).from(enterprise::Entity).to_owned();
        let row = self.reader().query_one(&select).await?;
        let bound = |at| row.as_ref().map(|row| row.try_get_by_index::<Option<i64>>(at)).transpose();
        let (Some(first), Some(last)) = (bound(0)?.flatten(), bound(1)?.flatten()) else { return Ok(0..0) };
        Ok(first.max(after.map_or(first, |after| after.0.saturating_add(1)))..last.saturating_add(1))
    }

    /// Reads on the connection, decodes on a thread of its own.
    async fn read_page(&self, scope: &Scope, page: Range<i64>) -> Result<Vec<Enterprise>, Error> {
        use enterprise::Column as C;
        let select = Query::select()
            .columns([C::Ordinal, C::Revision, C::RecordedAt, C::Synthetic, C::Document])
            .from(enterprise::Entity)
            .cond_where(readable_enterprises(scope, self.reference()))
            .and_where(C::Ordinal.gte(page.start))
            .and_where(C::Ordinal.lt(page.end))
            .order_by(C::Ordinal, sea_orm::Order::Asc)
            .to_owned();
        let rows = self.reader().query_all(&select).await?;
        let store = self.clone();
        Ok(tokio::task::spawn_blocking(move || readable(rows, |row| decode(&row, &store))).await?)
    }
}

/// Pages of equal width over the ordinals; wider where few of these are in use, because a sequence jumped, but never so
/// wide that a page in which all are would be too much to hold.
fn pages(ordinals: Range<i64>, count: u64) -> impl Iterator<Item = Range<i64>> + Send + 'static {
    let span = ordinals.end.saturating_sub(ordinals.start).max(0);
    let in_use = i64::try_from(count).unwrap_or(i64::MAX).max(1);
    let width = PAGE * (span / in_use).clamp(1, WIDEST);
    let step = usize::try_from(width).unwrap_or(usize::MAX);
    let end = ordinals.end;
    ordinals.step_by(step).map(move |start| start..start.saturating_add(width).min(end))
}

fn decode(row: &QueryResult, store: &Store) -> Result<Enterprise, Error> {
    let ordinal: i64 = row.try_get_by_index(0)?;
    let document: String = row.try_get_by_index(4)?;
    Ok(Enterprise {
        ordinal: EnterpriseOrdinal(ordinal),
        revision: row.try_get_by_index(1)?,
        recorded_at: Instant(row.try_get_by_index(2)?),
        synthetic: row.try_get_by_index(3)?,
        profile: profile(&document, ordinal, store.reference())?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_cover_every_ordinal_once_and_are_never_many_more_than_needed() {
        for (ordinals, count, most) in [
            (1..1, 0, 0),
            (1..2, 1, 1),
            (1..2_001, 2_000, 1),
            (1..2_002, 2_001, 2),
            (5..9_005, 9_000, 5),
            (1..1_600_001, 900, 100),
        ] {
            let pages: Vec<_> = pages(ordinals.clone(), count).collect();
            assert!(pages.len() <= most, "{} pages for {ordinals:?}", pages.len());
            let mut next = ordinals.start;
            for page in &pages {
                assert_eq!(page.start, next);
                next = page.end;
            }
            assert_eq!(next, ordinals.end, "{ordinals:?}");
        }
    }
}
