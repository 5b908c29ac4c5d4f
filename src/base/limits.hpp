#pragma once

#include <chrono>
#include <cstddef>

/// The bounds of the system, in one place. A bound that only one room knows stands in that room;
/// what happens at each is said where it is enforced.
namespace stator::limits {

using std::chrono::milliseconds;
using std::chrono::seconds;

// HTTP (431, 413, 408 and a closed connection at the bound).
inline constexpr std::size_t kHeaderBytesMax = 64u << 10;
/// Lambda's CreateFunction carries a 50 MB zip as base64: AWS's own bound for that request.
inline constexpr std::size_t kBodyBytesMax = 70'167'211;
inline constexpr std::size_t kConnectionsMax = 10'000;
inline constexpr seconds kHeaderTimeout{10};
inline constexpr seconds kBodyTimeout{60};
inline constexpr seconds kIdleTimeout{75};
inline constexpr std::size_t kPipelinedMax = 16;

// Work handed over between threads (503 at the bound).
inline constexpr std::size_t kControlPlaneThreads = 4;
inline constexpr std::size_t kControlPlaneQueuedMax = 1'024;

// Lambda.
inline constexpr std::size_t kInvokePayloadBytesMax = 6u << 20;
inline constexpr std::size_t kInvokeResponseBytesMax = 6'291'556;
inline constexpr std::size_t kZippedBytesMax = 52'428'800;
inline constexpr std::size_t kUnzippedBytesMax = 262'144'000;

// API Gateway.
inline constexpr std::size_t kApiPayloadBytesMax = 10u << 20;
inline constexpr seconds kIntegrationTimeout{30};

}  // namespace stator::limits
