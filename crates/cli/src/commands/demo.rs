//! `testmesh demo`: the shop, until Ctrl-C.

use crate::{exit::Exit, output, signals};
use testmesh_demo::{Options, Ports};

pub(super) fn run(port_base: u16) -> anyhow::Result<Exit> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(serve(port_base))
}

async fn serve(port_base: u16) -> anyhow::Result<Exit> {
    let ports = match Ports::from_base(port_base) {
        Ok(ports) => ports,
        Err(error) => {
            output::error(&error.to_string());
            return Ok(Exit::Usage);
        }
    };
    let shop = match testmesh_demo::start(Options { ports, ..Options::default() }).await {
        Ok(shop) => shop,
        Err(error) => {
            output::error(&error.to_string());
            return Ok(Exit::Errored);
        }
    };
    for service in shop.services() {
        output::print(&format!("{:<18} http://{}\n", service.name, service.address))?;
    }
    output::say("the shop is open until Ctrl-C; try `testmesh run examples/` in another terminal");
    signals::first().await?;
    shop.stop().await;
    Ok(Exit::Passed)
}
