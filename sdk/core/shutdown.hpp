#pragma once

namespace stator::sdk {

/// Starts to listen for SIGTERM if a callback was given to stator1_on_shutdown. Called before any
/// other thread is started, so that all inherit the blocked signal.
void watch_for_shutdown();

}  // namespace stator::sdk
