#include "aws/router.hpp"

#include <atomic>
#include <exception>
#include <future>

#include "aws/error_table.hpp"
#include "aws/protocol.hpp"
#include "aws/raw_call.hpp"
#include "aws/service_index.hpp"
#include "aws/sigv4.hpp"
#include "base/check.hpp"

namespace stator::aws {
namespace {

constexpr std::string_view kRoom = "aws";

/// Hashing and parsing more than this would hold up a loop's other connections.
constexpr std::size_t kLoopBodyBytesMax = 1u << 20;

Error internal_failure() {
  return internal(
      "The request processing has failed because of an unknown error, exception or failure.");
}

/// Account and region of a principal's call; both have a default.
Call make_call(const RouterParts& parts, std::string_view region) {
  Call call;
  call.account = parts.default_account;
  call.region = region.empty() ? parts.default_region : std::string(region);
  call.now = parts.clock.wall();
  return call;
}

/// Who sent a request: nobody in particular where the operation asks for no signature.
Result<Principal> find_principal(const RouterParts& parts, const Target& target,
                                 const http::Request& request, WallTime now) {
  if (!target.operation->is_signed()) {
    Principal nobody;
    nobody.kind = Principal::Kind::kAnonymous;
    return nobody;
  }
  return parts.authenticator.authenticate(request, target.service->signing_name, now);
}

void set_principal(Call& call, Principal principal) {
  if (!principal.account.empty()) call.account = principal.account;
  call.principal = std::move(principal);
}

bool is_refusal(const Error& error) {
  return error.code == ErrorCode::kAccessDenied || error.code == ErrorCode::kUnauthenticated;
}

/// What of a call is told to the audit trail beside its outcome.
struct Audited {
  const json::Object* request = nullptr;
  const json::Object* response = nullptr;
  bool is_authenticated = true;
};

}  // namespace

struct Router::Impl {
  /// One request on its way. Shared, because the answer may be given by another thread while the
  /// handler still returns.
  struct Exchange {
    http::Request request;
    std::optional<http::Responder> responder;
    Send send;
    Target target;
    Labels labels;
    Call call;
    std::atomic<bool> is_answered = false;
  };
  using ExchangePtr = std::shared_ptr<Exchange>;

  Impl(RouterParts router_parts, std::vector<Service> router_services)
      : parts(std::move(router_parts)), services(std::move(router_services)), index(services) {}

  void start(ExchangePtr exchange);
  void run(const ExchangePtr& exchange);
  void run_guarded(const ExchangePtr& exchange);
  void run_json(Exchange& exchange);
  void park(const ExchangePtr& exchange, http::Response response);
  void deliver(Exchange& exchange, http::Response response);
  void refuse(Exchange& exchange, const Error& error);
  Result<json::Object> run_in_process(Call& call, const Target& target, const Input& input);
  Result<json::Object> run_raw_in_process(Call& call, const Target& target,
                                          const json::Object& input);
  void audit(const Call& call, const Target& target, const Error* error, Audited what = {}) const;
  void log_failure(const Call& call, const Target& target, std::string_view what) const;

  RouterParts parts;
  std::vector<Service> services;
  ServiceIndex index;
};

void Router::Impl::start(ExchangePtr exchange) {
  Exchange& x = *exchange;
  x.target = index.find(x.request);
  x.call = make_call(parts, sigv4::scope_region(x.request));
  x.call.request_id = make_request_id(*x.target.service, parts.random);
  x.call.source_ip = x.request.peer;
  x.call.http = &x.request;
  if (x.target.operation == nullptr) {
    return refuse(x, {ErrorCode::kNotFound, "stator has no operation for " + x.target.wanted,
                      "UnknownOperationException"});
  }
  if (x.request.body.size() > body_bytes_max(*x.target.service)) {
    return refuse(
        x, {ErrorCode::kTooLarge,
            "Request must be smaller than " + std::to_string(body_bytes_max(*x.target.service)) +
                " bytes for the " + x.target.operation->name() + " operation"});
  }
  if (!x.target.operation->is_json() && x.request.body.size() <= kLoopBodyBytesMax) {
    return run_guarded(exchange);
  }
  if (!parts.workers.post([this, exchange] { run_guarded(exchange); })) {
    refuse(x, unavailable("The server has too many requests in its queue; try again"));
  }
}

void Router::Impl::run_guarded(const ExchangePtr& exchange) {
  try {
    run(exchange);
  } catch (const std::exception& error) {
    log_failure(exchange->call, exchange->target, error.what());
    refuse(*exchange, internal_failure());
  } catch (...) {
    log_failure(exchange->call, exchange->target, "an unknown exception");
    refuse(*exchange, internal_failure());
  }
}

void Router::Impl::run(const ExchangePtr& exchange) {
  Exchange& x = *exchange;
  auto principal = find_principal(parts, x.target, x.request, x.call.now);
  if (!principal) {
    audit(x.call, x.target, &principal.error(), {.is_authenticated = false});
    return refuse(x, principal.error());
  }
  set_principal(x.call, std::move(*principal));
  if (x.target.path != nullptr) {
    auto labels = x.target.path->labels(x.target.path_of(x.request));
    if (!labels) return refuse(x, labels.error());
    x.labels = std::move(*labels);
  }
  if (x.target.operation->is_json()) {
    const auto input = read_input(*x.target.service, *x.target.operation, x.request, x.labels);
    if (!input) return refuse(x, input.error());
    const auto output = x.target.operation->run_json(x.call, *input, parts.authorizer);
    audit(x.call, x.target, output ? nullptr : &output.error(),
          {.request = &input->members(), .response = output ? &*output : nullptr});
    return park(
        exchange,
        output ? write_output(*x.target.service, *x.target.operation, *output, x.call.request_id)
               : write_error(*x.target.service, output.error(), x.call.request_id));
  }
  const RawRequest raw{x.request, x.labels};
  x.target.operation->run_raw(
      x.call, raw, parts.authorizer, [this, exchange](Result<http::Response> result) {
        const Service& service = *exchange->target.service;
        if ((!result && is_refusal(result.error())) ||
            is_management(service, *exchange->target.operation)) {
          audit(exchange->call, exchange->target, result ? nullptr : &result.error());
        }
        if (!result) {
          return park(exchange, write_error(service, result.error(), exchange->call.request_id));
        }
        finish_response(service, exchange->call.request_id, *result);
        park(exchange, std::move(*result));
      });
}

/// An error may reveal as much as a success ("the conditional request failed"), so both wait.
void Router::Impl::park(const ExchangePtr& exchange, http::Response response) {
  const storage::Sequence wanted = exchange->call.durable_after.value_or(parts.store.last());
  if (wanted <= parts.store.durable()) return deliver(*exchange, std::move(response));
  auto parked = std::make_shared<http::Response>(std::move(response));
  parts.store.when_durable(wanted, [this, exchange, parked](Result<void> durable) {
    if (durable) return deliver(*exchange, std::move(*parked));
    refuse(*exchange, durable.error());
  });
}

void Router::Impl::deliver(Exchange& exchange, http::Response response) {
  if (exchange.is_answered.exchange(true)) return;
  if (exchange.responder) return std::move(*exchange.responder).send(std::move(response));
  exchange.send(std::move(response));
}

void Router::Impl::refuse(Exchange& exchange, const Error& error) {
  deliver(exchange, write_error(*exchange.target.service, error, exchange.call.request_id));
}

Result<json::Object> Router::Impl::run_in_process(Call& call, const Target& target,
                                                  const Input& input) {
  try {
    auto output = target.operation->run_json(call, input, parts.authorizer);
    audit(call, target, output ? nullptr : &output.error(),
          {.request = &input.members(), .response = output ? &*output : nullptr});
    return output;
  } catch (const std::exception& error) {
    log_failure(call, target, error.what());
    return internal_failure();
  }
}

/// The reply may come from another thread; this one waits for it.
Result<json::Object> Router::Impl::run_raw_in_process(Call& call, const Target& target,
                                                      const json::Object& input) {
  STATOR_TRY(const RawCall raw, make_raw_call(*target.operation, input));
  // Held by the reply alone: one that is dropped ends the wait by an exception.
  auto promise = std::make_shared<std::promise<Result<http::Response>>>();
  auto answered = promise->get_future();
  try {
    target.operation->run_raw(call, {raw.request, raw.labels}, parts.authorizer,
                              [promise = std::move(promise)](Result<http::Response> result) {
                                promise->set_value(std::move(result));
                              });
    const Result<http::Response> response = answered.get();
    audit(call, target, response ? nullptr : &response.error());
    if (!response) return response.error();
    return raw_answer(*response);
  } catch (const std::exception& error) {
    log_failure(call, target, error.what());
    return internal_failure();
  }
}

void Router::Impl::audit(const Call& call, const Target& target, const Error* error,
                         Audited what) const {
  if (parts.audit == nullptr) return;
  const bool is_managing = is_management(*target.service, *target.operation);
  const bool is_refused = error != nullptr && is_refusal(*error);
  if (!is_managing && !is_refused && what.is_authenticated) return;
  const WireError wire = error != nullptr ? wire_error(*target.service, *error) : WireError{};
  parts.audit->record(
      {.call = call,
       .service = target.service->signing_name,
       .operation = target.operation->name(),
       .is_management = is_managing,
       .is_authenticated = what.is_authenticated,
       .request = what.request,
       .response = what.response,
       .error_name = wire.name,
       .error_message = error != nullptr ? std::string_view(error->message) : std::string_view()});
}

void Router::Impl::log_failure(const Call& call, const Target& target,
                               std::string_view what) const {
  parts.logger.error(kRoom, "an operation failed by an exception",
                     {{"operation", target.service->signing_name + ":" + target.operation->name()},
                      {"request_id", call.request_id},
                      {"what", what}});
}

Router::Router(RouterParts parts, std::vector<Service> services)
    : impl_(std::make_unique<Impl>(std::move(parts), std::move(services))) {}

Router::~Router() = default;

void Router::handle(http::Request&& request, http::Responder responder) {
  auto exchange = std::make_shared<Impl::Exchange>();
  exchange->request = std::move(request);
  exchange->responder = std::move(responder);
  impl_->start(std::move(exchange));
}

void Router::handle(http::Request&& request, Send send) {
  auto exchange = std::make_shared<Impl::Exchange>();
  exchange->request = std::move(request);
  exchange->send = std::move(send);
  impl_->start(std::move(exchange));
}

Result<json::Object> Router::call(const Principal& principal, std::string_view region,
                                  std::string_view service, std::string_view operation,
                                  json::Object input) {
  const Target target = impl_->index.find(service, operation);
  if (target.operation == nullptr) {
    return unsupported("stator has no operation " + std::string(service) + ":" +
                       std::string(operation));
  }
  Call call = make_call(impl_->parts, region);
  call.request_id = make_request_id(*target.service, impl_->parts.random);
  set_principal(call, principal);
  if (!target.operation->is_json()) return impl_->run_raw_in_process(call, target, input);
  // A template's numbers and booleans are texts as often as not.
  return impl_->run_in_process(call, target, Input(std::move(input), Input::Scalars::kText));
}

const std::vector<Service>& Router::services() const {
  return impl_->services;
}

}  // namespace stator::aws
