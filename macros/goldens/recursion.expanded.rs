struct Node {
    name: String,
    children: Vec<Node>,
}
/// Each name, and how many there are in all.
fn walk(node: &Node) -> impl ::segue::Coroutine<(), Yield = &str, Return = usize> {
    if false {
        return walk(node);
    }
    use ::segue::machine::delegator::{At, Step, init, next};
    enum State<Node, Count, Iter> {
        Yield1 { count: Count, node: Node },
        Call1 { iter: Iter, count: Count },
    }
    enum Jump<Count, Iter> {
        Loop1 { iter: Iter, count: Count },
    }
    let init = init::<_, &str, usize>((node,));
    init.recursive_alone(|mut state, mut input| {
        loop {
            state = match state {
                At::Start((node,)) => {
                    let mut count = 1;
                    return Step::yields(&node.name, State::Yield1 { count, node });
                }
                At::Suspended(State::Yield1 { node, mut count }) => {
                    let mut iter = ::segue::machine::Iterable::into_iter(&node.children);
                    At::Jump(Jump::Loop1 { iter, count })
                }
                At::Jump(Jump::Loop1 { mut count, mut iter }) => {
                    if let ::core::option::Option::Some(child) = next(&mut iter) {
                        return Step::calls((child,), State::Call1 { iter, count });
                    }
                    ::segue::machine::end(iter);
                    return Step::returns(count);
                }
                At::Suspended(State::Call1 { mut count, mut iter }) => {
                    {
                        count += input.returned();
                    }
                    At::Jump(Jump::Loop1 { iter, count })
                }
            };
        }
    })
}
/// The letters on the way to the first leaf; what is awaited besides is awaited as ever.
fn total(node: &Node) -> impl ::core::future::Future<Output = usize> {
    if false {
        return total(node);
    }
    use ::segue::machine::task::{At, Awaitable, Delegate1 as Delegate, Step, init};
    enum State<Node, Operand> {
        Await1 { node: Node },
        Call1 { operand: Operand },
    }
    let init = init::<_, usize>((node,));
    init.recursive(|state: At<_, _>, mut input| match state {
        At::Start((node,)) => {
            return Step::awaits(
                Delegate::of1(Awaitable::awaited(std::future::ready(node.name.len()))),
                State::Await1 { node },
            );
        }
        At::Suspended(State::Await1 { node }) => {
            let own = input.outcome1();
            let Some(child) = node.children.first() else { return Step::returns(own) };
            let operand = own;
            return Step::calls((child,), State::Call1 { operand });
        }
        At::Suspended(State::Call1 { operand }) => {
            let mut returned = input.returned();
            return Step::returns(operand + returned);
        }
    })
}
