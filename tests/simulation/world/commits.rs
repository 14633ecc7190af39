//! What becomes of batches, and what nodes remember of them.

use super::*;

impl World<'_> {
    /// What the node of a request remembers.
    pub(super) fn recalled(&mut self, number: usize, queries: &[Query]) -> Option<Vec<StoreAnswer>> {
        let task = &self.tasks[number];
        let answers = task
            .operation
            .recalls()
            .then(|| self.nodes[task.node].recent.recall(queries));
        let answers = answers.flatten()?;
        self.tally.count(Count::Recalls);
        if answers != self.store.read_now(queries) {
            self.tally.count(Count::Outdated);
        }
        Some(answers)
    }

    pub(super) fn remember(&self, number: usize, batch: &Batch, input: &Input) {
        let outcome = match input {
            Input::Applied => Ok(Commit::Applied),
            Input::Conflict(current) => Ok(Commit::Conflict(current.clone())),
            Input::Failed(error) => Err(error.clone()),
            Input::Start | Input::Answers(_) | Input::Recalled(_) => return,
        };
        self.nodes[self.tasks[number].node]
            .recent
            .committed(batch, &outcome);
    }

    /// What becomes of a batch, and what its sender learns.
    pub(super) fn judge_commit(&mut self, number: usize, batch: Arc<Batch>) -> Result<Input, String> {
        if let Some(error) = self.disk_fails(true) {
            if matches!(error, StoreError::Unknown(_)) && self.chance.hit(500) {
                self.late.push((number, batch));
            }
            return Ok(Input::Failed(error));
        }
        let mishap = self.climate.faults.fate(&mut self.chance);
        if self.bug == Some(Bug::AnswerBeforeCommit) {
            self.late.push((number, batch));
            return Ok(Input::Applied);
        }
        if self.chance.hit(self.climate.faults.overtaken) {
            self.tally.count(Count::Overtaken);
            self.overtake(&batch);
        }
        let mut input = None;
        if !matches!(mishap, Mishap::Refused | Mishap::LostRequest | Mishap::Delayed) {
            let mut outcome = self.apply(number, &batch)?;
            if mishap == Mishap::DuplicatedSecond {
                outcome = self.apply(number, &batch)?;
            }
            input = Some(match outcome {
                Commit::Applied => Input::Applied,
                Commit::Conflict(mut current) => {
                    let meaning = &self.tasks[number].meaning;
                    current
                        .iter_mut()
                        .for_each(|(_, record)| self.lie(meaning, record));
                    Input::Conflict(current)
                }
            });
        }
        if matches!(mishap, Mishap::Delayed | Mishap::Duplicated) {
            self.late.push((number, batch));
        }
        if mishap != Mishap::None {
            self.tally.more(of_mishap(mishap), 1);
            self.note(&("commit of request", number, mishap));
        }
        let failed = mishap.error().map(Input::Failed);
        Ok(failed.or(input).unwrap())
    }

    /// The batch arrives.
    pub(super) fn apply(&mut self, number: usize, batch: &Batch) -> Result<Commit, String> {
        let mut changed = None;
        if let Some(bug) = self.bug {
            let (batch, also) = bug.write(self.town, &self.tasks[number].meaning, batch, &self.store);
            self.late.extend(also.map(|also| (number, Arc::new(also))));
            changed = Some(batch);
        }
        let batch = changed.as_ref().unwrap_or(batch);
        let outcome = self.store.commit_now(batch);
        if outcome != Commit::Applied {
            self.tally.count(Count::Conflicts);
            self.note(&("conflict of request", number));
            return Ok(outcome);
        }
        self.tally.count(Count::Commits);
        for write in &batch.writes {
            if let Write::Put { body, .. } | Write::Append { body, .. } = write {
                self.hash.write(body);
                if self.town.secrets.are_in(body) {
                    return Err(format!("I8: a secret in the record {:?}", write.key()));
                }
            }
        }
        self.note(&("commit of request", number, batch.rev));
        let task = &self.tasks[number];
        let course = Course {
            task: number,
            meaning: &task.meaning,
            began: task.began,
            waited: self.true_time - task.came,
            readings: &task.readings,
        };
        self.judge.committed(&course, batch)?;
        match &task.meaning {
            Meaning::Keys(Turn::Switch) => self.tally.count(Count::Switches),
            Meaning::Keys(Turn::Reseal(..)) => self.tally.count(Count::Resealed),
            _ => {}
        }
        Ok(outcome)
    }

    /// Somebody else writes one of the batch's records again, under a new revision.
    fn overtake(&mut self, batch: &Batch) {
        let open: Vec<&Write> = batch
            .writes
            .iter()
            .filter(|write| {
                matches!(
                    write,
                    Write::Put {
                        expect: Expect::At(_),
                        ..
                    }
                )
            })
            .collect();
        let Some(write) = open.get(self.chance.index(open.len())) else {
            return;
        };
        let query = Query::Get(write.key().clone());
        if let Some(StoreAnswer::Record(Some(record))) = self.store.read_now(&[query]).pop() {
            let mut rev = [0; 16];
            self.chance.fill(&mut rev);
            let same = Write::Put {
                key: record.key,
                expect: Expect::At(record.rev),
                body: record.body,
                entries: Entries::Keep,
                expires_at: record.expires_at,
            };
            self.store.commit_now(&Batch {
                rev: Rev(rev),
                writes: vec![same],
            });
            self.note(&"overtaken");
        }
    }
}

/// What a mishap is counted as.
fn of_mishap(mishap: Mishap) -> Count {
    match mishap {
        Mishap::Refused => Count::Refused,
        Mishap::LostRequest => Count::BatchesLost,
        Mishap::LostAnswer => Count::ConfirmationsLost,
        Mishap::Delayed => Count::BatchesLate,
        _ => Count::BatchesTwice,
    }
}
