# find_package(stator_sdk) gives stator_add_function and stator_add_layer, and the libraries behind them.
include(${CMAKE_CURRENT_LIST_DIR}/stator_sdk-targets.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/StatorFunction.cmake)
