# The helpers every CMakeLists.txt of the tree uses.
#
#   billing_library(name SOURCES a.cpp … HEADERS a.h … DEPENDS other_layer … [LINK third::party …])
#     One static library a layer. DEPENDS is the architecture: only what stands there may be included,
#     and tests/architecture reads these lists and fails on an upward include or a cycle.
#
#   billing_test(name SOURCES a_test.cpp … DEPENDS layer … [LINK third::party …])
#     One GoogleTest program, its cases registered with ctest as name.Suite.Case.
#
#   billing_program(name SOURCES main.cpp … DEPENDS layer … [LINK third::party …])
#     An executable that is not a test (a bench, the daemon, a fuzz target's driver).

add_library(billing_warnings INTERFACE)
target_compile_options(billing_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wnon-virtual-dtor
  -Woverloaded-virtual -Wcast-qual -Wformat=2 -Wnull-dereference -Werror)

define_property(GLOBAL PROPERTY BILLING_LAYERS BRIEF_DOCS "Layers in the order they were declared.")

function(billing_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;HEADERS;DEPENDS;LINK" ${ARGN})
  if(ARG_SOURCES)
    add_library(${name} STATIC ${ARG_SOURCES} ${ARG_HEADERS})
    target_include_directories(${name} PUBLIC ${PROJECT_SOURCE_DIR})
    target_link_libraries(${name} PUBLIC ${ARG_DEPENDS} ${ARG_LINK} PRIVATE billing_warnings)
  else()
    add_library(${name} INTERFACE)
    target_include_directories(${name} INTERFACE ${PROJECT_SOURCE_DIR})
    target_link_libraries(${name} INTERFACE ${ARG_DEPENDS} ${ARG_LINK})
  endif()
  file(RELATIVE_PATH folder ${PROJECT_SOURCE_DIR} ${CMAKE_CURRENT_SOURCE_DIR})
  set_property(GLOBAL APPEND PROPERTY BILLING_LAYERS "${name}=${folder}:${ARG_DEPENDS}")
endfunction()

function(billing_program name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPENDS;LINK" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
  target_link_libraries(${name} PRIVATE ${ARG_DEPENDS} ${ARG_LINK} billing_warnings)
endfunction()

function(billing_test name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPENDS;LINK" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
  target_compile_definitions(${name} PRIVATE DAYBOOK_TEST_DATA="${PROJECT_SOURCE_DIR}/tests/data")
  target_link_libraries(${name} PRIVATE ${ARG_DEPENDS} ${ARG_LINK} GTest::gmock_main billing_warnings)
  gtest_discover_tests(${name} TEST_PREFIX "${name}." DISCOVERY_TIMEOUT 60)
endfunction()
