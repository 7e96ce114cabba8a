/// The sieve's table stays where it is; only the numbers around it move from state to state.
#[segue::coroutine(yield = usize)]
fn primes() {
    let mut composite = [false; 1000];
    for n in 2..1000 {
        if composite[n] {
            continue;
        }
        yield_!(n);
        for multiple in (n * n..1000).step_by(n) {
            composite[multiple] = true;
        }
    }
}
