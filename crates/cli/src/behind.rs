//! Writing on a thread of its own: a terminal that is held, or a pipe that nobody reads, stalls nothing else.

use std::{
    io::{self, Write},
    sync::mpsc::{self, Sender},
    thread::JoinHandle,
};

/// A writer that another thread stands behind. What is written is out when [`Behind::close`] returns, and an error is told there or by a write
/// after it.
pub(crate) struct Behind(State);

enum State {
    /// Nothing was written so far.
    Idle(Box<dyn Write + Send>),
    Writing {
        pieces: Sender<Vec<u8>>,
        thread: JoinHandle<io::Result<()>>,
    },
    Closed,
}

impl Behind {
    pub(crate) fn new(out: impl Write + Send + 'static) -> Self {
        Self(State::Idle(Box::new(out)))
    }

    /// Waits until everything is written.
    pub(crate) fn close(&mut self) -> io::Result<()> {
        match std::mem::replace(&mut self.0, State::Closed) {
            State::Idle(_) | State::Closed => Ok(()),
            State::Writing { pieces, thread } => {
                drop(pieces);
                thread.join().unwrap_or_else(|_panic| Err(io::Error::other("the thread that writes has ended early")))
            }
        }
    }

    fn start(mut out: Box<dyn Write + Send>) -> io::Result<State> {
        let (pieces, written) = mpsc::channel::<Vec<u8>>();
        let writing = move || {
            for piece in written {
                out.write_all(&piece).and_then(|()| out.flush())?;
            }
            Ok(())
        };
        let thread = std::thread::Builder::new().name("testmesh-write".to_owned()).stack_size(64 << 10).spawn(writing)?;
        Ok(State::Writing { pieces, thread })
    }
}

impl Write for Behind {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if let State::Idle(_) = self.0
            && let State::Idle(out) = std::mem::replace(&mut self.0, State::Closed)
        {
            self.0 = Self::start(out)?;
        }
        let State::Writing { pieces, .. } = &self.0 else { return Err(io::ErrorKind::BrokenPipe.into()) };
        if pieces.send(bytes.to_vec()).is_err() {
            self.close()?;
        }
        Ok(bytes.len())
    }

    /// Nothing is kept back here: what was written is on its way.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
