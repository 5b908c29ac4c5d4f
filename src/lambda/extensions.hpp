#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/random.hpp"
#include "http/server.hpp"
#include "lambda/pool.hpp"

namespace stator::lambda {

/// The Extensions API of one instance, version 2020-01-01: who has registered, who waits for an
/// event, and what each is told. External extensions are the executables of /opt/extensions, known
/// before they register; whoever else registers is internal, a part of the runtime's process.
/// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-extensions-api.html
///
/// Any thread. Answers requests under its lock and calls nobody else.
class Extensions {
 public:
  static constexpr std::size_t kExtensionsMax = 10;

  /// What an extension is told of its function.
  struct Facts {
    std::string account;
    std::string function;
    std::string version;
    std::string handler;
  };

  Extensions(Facts facts, std::vector<std::string> external, Random& random);

  /// Whether a path is this API's.
  [[nodiscard]] static bool owns(std::string_view path);

  /// What a request means for the instance.
  struct Outcome {
    bool may_be_ready = false;       ///< one more waits: are_ready() may have become true
    std::optional<Failure> failure;  ///< it reports that it cannot go on
  };
  /// Answers the request, at once or when there is an event for its extension.
  [[nodiscard]] Outcome handle(const http::Request& request, http::Responder responder);

  /// Whose identifier it is; nothing when nobody's that has registered.
  [[nodiscard]] std::optional<std::string> name_of(std::string_view identifier) const;
  /// Whether there is any, registered or expected.
  [[nodiscard]] bool any() const;
  [[nodiscard]] bool any_external() const { return has_external_; }
  /// Whether all that are expected have registered and each waits for an event.
  [[nodiscard]] bool are_ready() const;

  /// The init phase is over: nobody registers any more.
  void close_registration();
  /// Tells those that asked for INVOKE.
  void invoke(const Delivery& delivery, const std::string& function_arn);
  /// Tells those that asked for SHUTDOWN, now or when they next ask for an event. `reason` is
  /// SPINDOWN, TIMEOUT or FAILURE.
  void shut_down(std::string_view reason, WallTime deadline);
  /// Lets go of who waits.
  void close();

 private:
  enum class State : std::uint8_t { kExpected, kRegistered, kWaiting, kWorking, kFailed };
  struct Extension {
    std::string name;
    std::string identifier;
    State state = State::kExpected;
    bool is_external = false;
    bool wants_invoke = false;
    bool wants_shutdown = false;
    bool has_shutdown = false;  ///< told of it
    std::optional<http::Responder> parked = {};
  };

  // All of these want the lock.
  [[nodiscard]] http::Response register_one(const http::Request& request);
  void wait(Extension& extension, http::Responder responder);
  [[nodiscard]] http::Response report(Extension& extension, const http::Request& request,
                                      std::string_view kind, Outcome& outcome);
  [[nodiscard]] Extension* find(std::string_view identifier);
  void tell(Extension& extension, const std::string& event);
  void tell_shutdown(Extension& extension);

  const Facts facts_;
  Random& random_;
  const bool has_external_;

  mutable std::mutex mutex_;
  std::vector<Extension> all_;  ///< at most kExtensionsMax
  bool is_registration_closed_ = false;
  std::string shutdown_;  ///< the SHUTDOWN event, once it is time
};

}  // namespace stator::lambda
