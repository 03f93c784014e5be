//! The one city of a process: loaded once, followed before it answers.

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};
use std::time::{Duration, Instant};

use chrono::NaiveDate;
use domain::{Enterprise, EnterpriseOrdinal, Scope};
use rules::Reference;
use storage::Store;
use tokio::sync::Mutex;

use crate::city::City;
use crate::error::Error;
use crate::follow::News;
use crate::library::Library;
use crate::load;
use crate::proof::Proof;

/// With more changed enterprises than this, reading everybody anew is quicker.
const MANY: usize = 10_000;

/// How a census works.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Threads one question may take.
    pub threads: usize,
    /// Where the rows are kept between runs of the program, if anywhere.
    pub file: Option<PathBuf>,
    /// Bytes the city may take; what does not fit is refused and says what it needs.
    pub limit: Option<usize>,
}

/// How far a census has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Nobody has asked for it yet.
    Idle,
    Loading {
        done: usize,
        of: usize,
    },
    Ready {
        enterprises: usize,
        seq: i64,
        bytes: usize,
    },
}

/// What bringing a city up to date came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Followed {
    /// The sequence of the feed the city is true for.
    pub seq: i64,
    /// Time spent on reading everybody, where that was needed.
    pub reading: Duration,
    /// Time spent on reckoning every column.
    pub deriving: Duration,
}

/// A handle; all clones share the city.
#[derive(Clone, Debug)]
pub struct Census {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    store: Store,
    reference: Arc<Reference>,
    settings: Settings,
    city: RwLock<Option<City>>,
    /// Held by whoever loads or follows: one at a time.
    writing: Mutex<()>,
    /// Enterprises loaded and to load, while loading.
    done: AtomicUsize,
    of: AtomicUsize,
    /// Sequence and number of differing pairs of the last comparison.
    proved: RwLock<Option<(i64, u64)>>,
}

impl Census {
    /// Reads nothing yet.
    pub fn new(store: Store, reference: Arc<Reference>, settings: Settings) -> Self {
        let (done, of) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let (city, writing, proved) = (RwLock::new(None), Mutex::new(()), RwLock::new(None));
        let inner = Inner { store, reference, settings, city, writing, done, of, proved };
        Self { inner: Arc::new(inner) }
    }

    pub fn phase(&self) -> Phase {
        if let Some(city) = self.read().as_ref() {
            return Phase::Ready { enterprises: city.enterprises(), seq: city.seq(), bytes: city.bytes() };
        }
        match (self.inner.done.load(Ordering::Relaxed), self.inner.of.load(Ordering::Relaxed)) {
            (_, 0) => Phase::Idle,
            (done, of) => Phase::Loading { done, of },
        }
    }

    /// Brings the city up to the feed as it is now, on this day; loads it where that was not done yet.
    pub async fn follow(&self, day: NaiveDate) -> Result<Followed, Error> {
        let _turn = self.inner.writing.lock().await;
        let known = self.read().as_ref().map(|city| (city.seq(), city.day()));
        let Some((seq, loaded_on)) = known else { return self.load(day).await };
        let news = News::since(&self.inner.store, seq).await?;
        if news.enterprises.len() > MANY {
            return self.load(day).await;
        }
        self.catch_up(news, day, loaded_on != day).await
    }

    /// Asks the city as it was followed last. The question runs where it blocks nobody.
    pub async fn ask<T: Send + 'static>(&self, question: impl FnOnce(&City) -> T + Send + 'static) -> Result<T, Error> {
        let census = self.clone();
        let asked = tokio::task::spawn_blocking(move || census.read().as_ref().map(question));
        asked.await?.ok_or(Error::NotReady)
    }

    async fn load(&self, day: NaiveDate) -> Result<Followed, Error> {
        let started = Instant::now();
        let inner = &self.inner;
        let of = inner.store.count_enterprises(&Scope::System).await?;
        inner.done.store(0, Ordering::Relaxed);
        inner.of.store(usize::try_from(of).unwrap_or(usize::MAX).max(1), Ordering::Relaxed);
        let progress = |done| inner.done.store(done, Ordering::Relaxed);
        let kept = load::kept(&inner.store, &inner.reference, day, &inner.settings).await?;
        let mut city = match kept {
            Some(city) => city,
            None => load::city(&inner.store, &inner.reference, day, &inner.settings, progress).await?,
        };
        let (seq, reading, started) = (city.seq(), started.elapsed(), Instant::now());
        let city = tokio::task::spawn_blocking(move || {
            city.settle()?;
            Ok::<_, Error>(city)
        });
        let (city, deriving) = (city.await??, started.elapsed());
        *self.inner.city.write().unwrap_or_else(PoisonError::into_inner) = Some(city);
        // What was written while reading.
        let caught_up = self.catch_up(News::since(&inner.store, seq).await?, day, false).await?;
        Ok(Followed { reading, deriving: deriving + caught_up.deriving, ..caught_up })
    }

    /// Writes the rows to the file of the settings, where there is one: a restart reads it and follows from there.
    pub async fn keep(&self) -> Result<(), Error> {
        let Some(path) = self.inner.settings.file.clone() else { return Ok(()) };
        let named = path.clone();
        let mark = self.inner.store.history_mark(&Scope::System, None).await?;
        let written = self.ask(move |city| city.keep(&path, &mark)).await?;
        if let Err(trouble) = written {
            tracing::warn!(file = %named.display(), error = ?trouble, "the snapshot of the city is not written");
        }
        Ok(())
    }

    /// Sequence and number of differing pairs of the last comparison of this process with the database.
    pub fn last_proof(&self) -> Option<(i64, u64)> {
        *self.inner.proved.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn note(&self, proof: &Proof) {
        *self.inner.proved.write().unwrap_or_else(PoisonError::into_inner) = Some((proof.seq, proof.differing));
    }

    /// Forgets everybody, in memory and in the file.
    pub(crate) fn give_up(&self) {
        *self.inner.city.write().unwrap_or_else(PoisonError::into_inner) = None;
        let Some(path) = &self.inner.settings.file else { return };
        match std::fs::remove_file(path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                tracing::error!(file = %path.display(), %error, "the snapshot of a wrong city stays; delete it");
            }
            _ => {}
        }
    }

    pub(crate) fn store(&self) -> &Store {
        &self.inner.store
    }

    pub(crate) fn threads(&self) -> usize {
        self.inner.settings.threads
    }

    async fn catch_up(&self, news: News, day: NaiveDate, is_new_day: bool) -> Result<Followed, Error> {
        let started = Instant::now();
        let asks_anew = news.is_library_changed || is_new_day;
        if asks_anew {
            self.ask_anew(day).await?;
        }
        let deriving = if asks_anew { started.elapsed() } else { Duration::ZERO };
        Ok(Followed { seq: self.apply(news).await?, deriving, ..Followed::default() })
    }

    /// The library as it is now, on this day, asked of everybody: reckoned beside what is being answered meanwhile.
    async fn ask_anew(&self, day: NaiveDate) -> Result<(), Error> {
        let library = Library::load(&self.inner.store, &self.inner.reference).await?;
        let census = self.clone();
        let reckon = move || {
            let asked = census.read().as_ref().map(|city| city.ask(library.matcher, day)).transpose()?;
            let mut city = census.inner.city.write().unwrap_or_else(PoisonError::into_inner);
            if let (Some(city), Some(asked)) = (city.as_mut(), asked) {
                city.adopt(asked);
            }
            Ok::<_, Error>(())
        };
        tokio::task::spawn_blocking(reckon).await?
    }

    /// Takes what the feed names from the database as it is now: nothing is judged on an older profile than the feed's.
    async fn apply(&self, news: News) -> Result<i64, Error> {
        let ordinals: Vec<EnterpriseOrdinal> = news.enterprises.iter().copied().collect();
        let found = self.inner.store.find_enterprises(&Scope::System, &ordinals).await?;
        let census = self.clone();
        tokio::task::spawn_blocking(move || census.write(&news, &found)).await??;
        Ok(self.read().as_ref().map_or(0, City::seq))
    }

    fn write(&self, news: &News, found: &[Enterprise]) -> Result<(), Error> {
        let mut city = self.inner.city.write().unwrap_or_else(PoisonError::into_inner);
        let Some(city) = city.as_mut() else { return Ok(()) };
        let mut gone = news.enterprises.clone();
        for enterprise in found {
            gone.remove(&enterprise.ordinal);
            city.put(enterprise.ordinal, enterprise.revision, &enterprise.profile)?;
        }
        for ordinal in gone {
            city.remove(ordinal)?;
        }
        city.set_seq(news.seq);
        Ok(())
    }

    /// A panic of a writer would leave a row half written; the next follow writes it anew, so the lock is taken as it is.
    fn read(&self) -> RwLockReadGuard<'_, Option<City>> {
        self.inner.city.read().unwrap_or_else(PoisonError::into_inner)
    }
}
