//! Work in numbered pieces: made on every core, taken in order.

use std::num::NonZero;
use std::sync::mpsc::sync_channel;

use crate::failure::Failure;

/// Pieces a core may be ahead of the one that takes them: enough never to wait, few enough to stay small.
const AHEAD: usize = 2;

/// Makes the pieces `0..count` on all cores and takes them one by one in their order. The first refusal ends it.
pub(super) fn in_order<T: Send>(
    count: u32,
    make: impl Fn(u32) -> Result<T, Failure> + Sync,
    mut take: impl FnMut(T) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let cores = std::thread::available_parallelism().map_or(1, NonZero::get).min(16);
    std::thread::scope(|scope| {
        let make = &make;
        let queues: Vec<_> = (0..cores)
            .map(|core| {
                let (sender, queue) = sync_channel(AHEAD);
                let own = (0..count).skip(core).step_by(cores);
                // A closed queue means that nobody wants the rest.
                scope.spawn(move || own.map(make).try_for_each(|piece| sender.send(piece)));
                queue
            })
            .collect();
        // Each queue gives one piece, then the next: the order of their numbers.
        for queue in queues.iter().cycle() {
            match queue.recv() {
                Ok(piece) => take(piece?)?,
                Err(_) => break,
            }
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_taken_in_the_order_of_their_numbers() {
        for count in [0, 1, 2, 7, 100] {
            let mut taken = Vec::new();
            in_order(count, Ok, |piece| {
                taken.push(piece);
                Ok(())
            })
            .unwrap();
            assert_eq!(taken, (0..count).collect::<Vec<_>>());
        }
    }

    #[test]
    fn a_refusal_ends_the_work_and_leaves_no_core_waiting() {
        let refuse = |piece| if piece == 5 { Err(Failure::bad_input("nein")) } else { Ok(piece) };
        let mut taken = 0;
        let count = |_| {
            taken += 1;
            Ok(())
        };
        assert!(matches!(in_order(1_000, refuse, count), Err(Failure::BadInput(_))));
        assert_eq!(taken, 5);
        assert!(in_order(1_000, Ok, |_| Err(Failure::bad_input("full"))).is_err());
    }
}
