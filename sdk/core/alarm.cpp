#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <system_error>
#include <thread>

#include "stator/abi_lambda.h"

struct stator1_alarm {
  std::mutex mutex;
  std::condition_variable freed;
  bool is_freed = false;
  std::thread thread;
};

extern "C" {

stator1_alarm* stator1_alarm_new(int64_t epoch_ms, void (*ring)(void*), void* user) noexcept {
  auto alarm = std::make_unique<stator1_alarm>();
  const auto until =
      std::chrono::steady_clock::now() + std::chrono::milliseconds(epoch_ms - stator1_now_ms());
  try {
    alarm->thread = std::thread([&alarm = *alarm, until, ring, user] {
      std::unique_lock lock(alarm.mutex);
      if (!alarm.freed.wait_until(lock, until, [&] { return alarm.is_freed; })) {
        lock.unlock();
        ring(user);
      }
    });
  } catch (const std::system_error&) {
    return nullptr;
  }
  return alarm.release();
}

void stator1_alarm_free(stator1_alarm* alarm) noexcept {
  if (alarm == nullptr) return;
  {
    const std::scoped_lock lock(alarm->mutex);
    alarm->is_freed = true;
  }
  alarm->freed.notify_all();
  alarm->thread.join();
  delete alarm;
}

}  // extern "C"
