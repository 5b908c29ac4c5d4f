#pragma once

#include <chrono>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/random.hpp"

namespace stator::cloudformation {

/// Where the functions of custom resources leave their answers: each is awaited under a URL that
/// nobody can guess, which is all that it takes to answer, as with the presigned URLs of AWS. They
/// live in memory: a change that a restart cuts off is rolled back, and what comes late finds
/// nobody. Any thread; outlives what it opens.
class CustomResponses {
 public:
  /// The path of every URL, below which a token follows.
  static constexpr std::string_view kPath = "/_stator/cloudformation/";
  /// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/crpg-ref-responses.html
  static constexpr std::size_t kBytesMax = 4'096;

  /// `authority` is where functions reach the server: "http://127.0.0.1:4566".
  CustomResponses(Random& random, std::string authority)
      : random_(random), authority_(std::move(authority)) {}

  /// One answer, awaited as long as this lives.
  class Awaited {
   public:
    Awaited(CustomResponses& responses, std::string token)
        : responses_(responses), token_(std::move(token)) {}
    ~Awaited();
    Awaited(const Awaited&) = delete;
    [[nodiscard]] std::string url() const;
    /// The answer's text; nothing when none has come in time.
    [[nodiscard]] std::optional<std::string> wait(std::chrono::milliseconds timeout);

   private:
    CustomResponses& responses_;
    const std::string token_;
  };
  [[nodiscard]] std::unique_ptr<Awaited> open();

  /// Leaves an answer; the first one counts. False when nobody waits for it.
  bool put(std::string_view token, std::string body);

 private:
  Random& random_;
  const std::string authority_;
  std::mutex mutex_;
  std::condition_variable came_;
  std::map<std::string, std::optional<std::string>, std::less<>> awaited_;
};

}  // namespace stator::cloudformation
