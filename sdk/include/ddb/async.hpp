#pragma once

#include <condition_variable>
#include <coroutine>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "ddb/table.hpp"

/// Calls that nobody stands and waits for: with a callback, as something to wait for later, and in
/// coroutines. Independent ones share a few connections, several in one write where the endpoint
/// is plain HTTP.
namespace ddb {

namespace detail {

/// One call under way. It ends itself when it has answered.
template <class O, class Use>
struct Started {
  O operation;
  Use use;

  static void on_reply(const stator1_reply* reply, void* user) {
    const std::unique_ptr<Started> self(static_cast<Started*>(user));
    RawReply raw;
    RawReply::take(reply, &raw);
    self->answer(*raw.result);
  }

  void answer(const Result<std::string>& body) {
    using Answer = typename O::Answer;
    if (!body) return use(Result<Answer>(body.error()));
    if (operation.units != nullptr) *operation.units += units_in(*body);
    use(operation.read(*body));
  }
};

}  // namespace detail

/// Sends the operation and calls `use(Result<Answer>)` once, on a thread of the library's; it must
/// not throw. What cannot be sent is answered at once. The last Client of its kind waits, when it
/// ends, for what was started. Hooks are not called.
template <AnyOperation O, class Use>
void start(const Client& client, O operation, Use use) {
  using stator::sdk::borrow;
  auto body = operation.params();
  auto call = std::make_unique<detail::Started<O, Use>>(
      detail::Started<O, Use>{std::move(operation), std::move(use)});
  if (!body) return call->answer(body);
  const stator1_call_options options = client.call_options();
  stator1_client_start(client.handle(), borrow(O::action), borrow(*body), &options,
                       &detail::Started<O, Use>::on_reply, call.release());
}

/// A call under way, to wait for when its answer is needed:
///   auto user = ddb::begin(client, ddb::get(users, "u1"));
///   auto shop = ddb::begin(client, ddb::get(shops, "s1"));
///   use(user.wait(), shop.wait());
template <class Answer>
class Pending {
 public:
  /// Its answer. Once.
  [[nodiscard]] Result<Answer> wait() {
    std::unique_lock lock(state_->mutex);
    state_->came.wait(lock, [&] { return state_->result.has_value(); });
    return std::move(*state_->result);
  }
  /// Whether wait() would not wait.
  [[nodiscard]] bool is_ready() const {
    const std::scoped_lock lock(state_->mutex);
    return state_->result.has_value();
  }

  struct State {
    std::mutex mutex;
    std::condition_variable came;
    std::optional<Result<Answer>> result;
  };
  explicit Pending(std::shared_ptr<State> state) : state_(std::move(state)) {}

 private:
  std::shared_ptr<State> state_;  // shared with the call under way
};

template <AnyOperation O>
[[nodiscard]] Pending<typename O::Answer> begin(const Client& client, O operation) {
  using Answer = typename O::Answer;
  auto state = std::make_shared<typename Pending<Answer>::State>();
  start(client, std::move(operation), [state](Result<Answer> result) {
    const std::scoped_lock lock(state->mutex);
    state->result.emplace(std::move(result));
    state->came.notify_all();
  });
  return Pending<Answer>(std::move(state));
}

/// co_await ddb::later(client, ddb::get(users, "u1")) gives the Result; the coroutine goes on on a
/// thread of the library's.
template <AnyOperation O>
class Later {
 public:
  using Answer = typename O::Answer;
  Later(Client client, O operation)
      : client_(std::move(client)), operation_(std::move(operation)) {}

  [[nodiscard]] bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> waiting) {
    start(client_, std::move(operation_), [this, waiting](Result<Answer> result) {
      result_.emplace(std::move(result));
      waiting.resume();
    });
  }
  [[nodiscard]] Result<Answer> await_resume() { return std::move(*result_); }

 private:
  Client client_;
  O operation_;
  std::optional<Result<Answer>> result_;
};
template <AnyOperation O>
[[nodiscard]] Later<O> later(const Client& client, O operation) {
  return Later<O>(client, std::move(operation));
}

}  // namespace ddb
